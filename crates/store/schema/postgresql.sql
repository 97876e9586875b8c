-- The whole schema, for readers. The numbered steps in `migrations` give exactly this; a test compares the two.

-- The trace of each handoff and mission, with what a list shows of it, so that lists replay nothing.
create table streams (
    stream_no bigint generated always as identity primary key,
    stream text collate "C" not null,
    entries bigint not null,
    leaf bytea not null,
    state text collate "C" not null,
    turn text collate "C",
    due_us bigint,
    sealed bigint not null default 0,
    constraint streams_stream unique (stream),
    constraint streams_sealed check (sealed between 0 and entries)
);

-- "Whose turn is it" is the question asked most often.
create index streams_turn on streams (turn, stream) where turn is not null;

create index streams_state on streams (state, stream);

-- Sealing looks only at what grew.
create index streams_unsealed on streams (stream) where sealed < entries;

-- One row per trace entry.
create table entries (
    stream_no bigint not null references streams (stream_no),
    sequence bigint not null,
    line bytea not null,
    primary key (stream_no, sequence)
);

-- Idempotency keys with the digest of what was asked and the answer that was given.
create table requests (
    key text collate "C" not null primary key,
    digest bytea not null,
    stream_no bigint not null references streams (stream_no),
    answer bytea not null
);

-- Packages, contracts and evidence, by the digest that entries name.
create table blobs (
    blob_no bigint generated always as identity primary key,
    digest bytea not null,
    bytes bytea not null,
    constraint blobs_digest unique (digest)
);

-- Timers and messages. `ready_us` is the later of when the job is due and when its lease ends.
create table jobs (
    job_no bigint generated always as identity primary key,
    stream_no bigint not null references streams (stream_no),
    job text collate "C" not null,
    kind text collate "C" not null,
    due_us bigint not null,
    ready_us bigint not null,
    body bytea not null,
    attempt integer not null default 0,
    fence bigint not null default 0,
    node text,
    done_us bigint,
    constraint jobs_job unique (stream_no, job),
    constraint jobs_kind check (kind in ('timer', 'message'))
);

-- What is due next, among a million that wait.
create index jobs_ready on jobs (kind, ready_us, job_no) where done_us is null;

-- The log of the whole store: how far each stream was sealed, and when.
create table register (
    sequence bigint not null primary key,
    line bytea not null
);

-- One row: the last signed checkpoint of the register. It is locked by whoever seals.
create table standing (
    standing_no bigint not null primary key,
    checkpoint bytea,
    constraint standing_one check (standing_no = 1)
);

insert into standing (standing_no, checkpoint) values (1, null) on conflict do nothing;

-- Fences only grow, also across transactions that are rolled back.
create sequence fences as bigint;

-- One transition in one statement, so that one round trip keeps it. Refusals come before any write; what cannot be known
-- before (a key taken meanwhile) raises, which undoes everything and is asked again.
create function append_transition(
    p_stream text, p_expected bigint, p_at bigint, p_lines bytea[], p_leaf bytea,
    p_state text, p_turn text, p_due bigint,
    p_key text, p_digest bytea, p_answer bytea,
    p_blob_digests bytea[], p_blobs bytea[],
    p_jobs text[], p_kinds text[], p_dues bigint[], p_bodies bytea[], p_cleared text[],
    p_under_stream text, p_under_job text, p_under_fence bigint,
    out outcome text, out number bigint, out answer bytea
) language plpgsql as $$
declare
    v_digest bytea;
    v_stream bigint;
    v_changed bigint;
begin
    if p_key is not null then
        select r.digest, r.answer into v_digest, answer from requests r where r.key = p_key;
        if found then
            outcome := case when v_digest = p_digest then 'before' else 'reused' end;
            return;
        end if;
    end if;
    if p_under_job is not null then
        perform 1 from jobs j join streams s using (stream_no)
            where s.stream = p_under_stream and j.job = p_under_job and j.fence = p_under_fence
                and j.node is not null and j.done_us is null
            for update of j;
        if not found then
            outcome := 'fenced';
            return;
        end if;
    end if;
    number := p_expected + cardinality(p_lines);
    if p_expected = 0 then
        insert into streams (stream, entries, leaf, state, turn, due_us)
            values (p_stream, number, p_leaf, p_state, p_turn, p_due)
            on conflict (stream) do nothing returning stream_no into v_stream;
    else
        update streams set entries = number, leaf = p_leaf, state = p_state, turn = p_turn, due_us = p_due
            where stream = p_stream and entries = p_expected returning stream_no into v_stream;
    end if;
    if v_stream is null then
        select s.entries into number from streams s where s.stream = p_stream;
        outcome := 'moved';
        number := coalesce(number, 0);
        return;
    end if;
    insert into entries (stream_no, sequence, line)
        select v_stream, p_expected + n - 1, l from unnest(p_lines) with ordinality as u (l, n);
    if cardinality(p_blobs) > 0 then
        -- In the order of digests, so that two transitions with the same documents never wait for each other in a circle.
        insert into blobs (digest, bytes)
            select d, b from unnest(p_blob_digests, p_blobs) as u (d, b) order by d
            on conflict (digest) do nothing;
    end if;
    if p_under_job is not null then
        delete from jobs j using streams s
            where s.stream_no = j.stream_no and s.stream = p_under_stream and j.job = p_under_job and j.kind = 'timer';
        if not found then
            update jobs j set done_us = p_at, node = null from streams s
                where s.stream_no = j.stream_no and s.stream = p_under_stream and j.job = p_under_job;
        end if;
    end if;
    if cardinality(p_cleared) > 0 then
        delete from jobs where stream_no = v_stream and job = any (p_cleared) and done_us is null;
    end if;
    if cardinality(p_jobs) > 0 then
        insert into jobs as j (stream_no, job, kind, due_us, ready_us, body)
            select v_stream, i, k, d, d, b from unnest(p_jobs, p_kinds, p_dues, p_bodies) as u (i, k, d, b)
            on conflict (stream_no, job) do update
            set due_us = excluded.due_us, ready_us = excluded.due_us, body = excluded.body,
                attempt = 0, fence = 0, node = null, done_us = null
            where j.kind = 'timer' and excluded.kind = 'timer';
        get diagnostics v_changed = row_count;
        if v_changed < cardinality(p_jobs) then
            raise exception using errcode = 'BT002', message = 'a message or timer has that name already';
        end if;
    end if;
    if p_key is not null then
        insert into requests (key, digest, stream_no, answer) values (p_key, p_digest, v_stream, p_answer)
            on conflict (key) do nothing;
        if not found then
            raise exception using errcode = 'BT001', message = 'the idempotency key was taken meanwhile';
        end if;
    end if;
    outcome := 'now';
end
$$;
