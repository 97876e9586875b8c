-- Timers and messages. `ready_us` is the later of when the job is due and when its lease ends.
create table if not exists jobs (
    stream_no bigint not null,
    job text collate "C" not null,
    job_no bigint generated always as identity,
    kind text collate "C" not null,
    due_us bigint not null,
    ready_us bigint not null,
    body bytea not null,
    attempt integer not null default 0,
    fence bigint not null default 0,
    node text,
    done_us bigint,
    primary key (stream_no, job),
    constraint jobs_kind check (kind in ('timer', 'message'))
) with (fillfactor = 70)
