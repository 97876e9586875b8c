-- Timers and messages. `ready_us` is the later of when the job is due and when its lease ends.
create table if not exists jobs (
    job_no integer primary key,
    stream_no integer not null,
    job text not null,
    kind text not null,
    due_us integer not null,
    ready_us integer not null,
    body blob not null,
    attempt integer not null default 0,
    fence integer not null default 0,
    node text,
    done_us integer,
    constraint jobs_job unique (stream_no, job),
    constraint jobs_kind check (kind in ('timer', 'message'))
) strict
