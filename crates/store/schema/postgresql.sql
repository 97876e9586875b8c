-- The whole schema, for readers. The numbered steps in `migrations` give exactly this; a test compares the two.

-- The trace of each handoff and mission, with what a list shows of it, so that lists replay nothing.
-- Numbers that other tables take from here are not declared as references: they are read in the transaction that writes them, and
-- looking them up again would lock the stream's row once per row.
create table streams (
    stream_no bigint generated always as identity primary key,
    stream text collate "C" not null,
    entries bigint not null,
    leaf bytea not null,
    state text collate "C" not null,
    turn text collate "C",
    due_us bigint,
    has_grown boolean not null default true,
    sealed bigint not null default 0,
    frontier bytea,
    constraint streams_stream unique (stream),
    constraint streams_sealed check (sealed between 0 and entries),
    constraint streams_flag check (has_grown or sealed = entries)
) with (fillfactor = 70);

-- "Whose turn is it" is the question asked most often.
create index streams_turn on streams (turn, stream) where turn is not null;

create index streams_state on streams (state, stream);

-- Sealing looks only at what grew. A flag, since an index over `entries` would be written again at every transition.
create index streams_grown on streams (stream_no) where has_grown;

-- One row per trace entry.
create table entries (
    stream_no bigint not null,
    sequence bigint not null,
    line bytea not null,
    primary key (stream_no, sequence)
);

-- Idempotency keys with the digest of what was asked and the answer that was given.
create table requests (
    key text collate "C" not null primary key,
    digest bytea not null,
    stream_no bigint not null,
    answer bytea not null
);

-- Packages, contracts and evidence, by the digest that entries name.
create table blobs (
    digest bytea not null primary key,
    bytes bytea not null
);

-- Timers and messages. `ready_us` is the later of when the job is due and when its lease ends.
create table jobs (
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
) with (fillfactor = 70);

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
            -- The same request may have waited above for its first sending, whose connection was cut: asked again, it is answered.
            if exists (select from requests r where r.key = p_key) then
                raise exception using errcode = 'BT001', message = 'the idempotency key was taken meanwhile';
            end if;
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
        update streams set entries = number, leaf = p_leaf, state = p_state, turn = p_turn, due_us = p_due, has_grown = true
            where stream = p_stream and entries = p_expected returning stream_no into v_stream;
    end if;
    if v_stream is null then
        if exists (select from requests r where r.key = p_key) then
            raise exception using errcode = 'BT001', message = 'the idempotency key was taken meanwhile';
        end if;
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

-- Transitions of different streams as one statement and one commit. Anything that is not as every one of them expects raises, which
-- undoes them all: the caller then asks for each alone, and `append_transition` tells which was refused and why.
create function append_group(
    p_streams text[], p_expected bigint[], p_numbers bigint[], p_ats bigint[], p_leaves bytea[],
    p_states text[], p_turns text[], p_dues bigint[],
    p_line_of integer[], p_sequences bigint[], p_lines bytea[],
    p_request_of integer[], p_keys text[], p_digests bytea[], p_answers bytea[],
    p_blob_digests bytea[], p_blobs bytea[],
    p_job_of integer[], p_jobs text[], p_kinds text[], p_job_dues bigint[], p_bodies bytea[],
    p_cleared_of integer[], p_cleared text[],
    p_under_of integer[], p_under_streams text[], p_under_jobs text[], p_under_fences bigint[]
) returns void language plpgsql
-- Arrays say nothing of how large the tables have grown: every plan here looks rows up by their keys.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
    v_streams bigint[];
    v_changed bigint;
    v_more bigint;
begin
    with u as (
        select * from unnest(p_streams, p_expected, p_numbers, p_leaves, p_states, p_turns, p_dues)
            with ordinality as u (stream, expected, number, leaf, state, turn, due, n)
    ), inserted as (
        insert into streams (stream, entries, leaf, state, turn, due_us)
            select stream, number, leaf, state, turn, due from u where expected = 0
            on conflict (stream) do nothing returning stream, stream_no
    ), updated as (
        update streams s
            set entries = u.number, leaf = u.leaf, state = u.state, turn = u.turn, due_us = u.due, has_grown = true
            from u where s.stream = u.stream and s.entries = u.expected and u.expected > 0
            returning s.stream, s.stream_no
    )
    select array_agg(g.stream_no order by u.n) into v_streams
        from u join (select * from inserted union all select * from updated) as g using (stream);
    if coalesce(cardinality(v_streams), 0) < cardinality(p_streams) then
        raise exception using errcode = 'BT003', message = 'a stream has moved';
    end if;
    if cardinality(p_under_of) > 0 then
        delete from jobs j using unnest(p_under_streams, p_under_jobs, p_under_fences) as u (stream, job, fence), streams s
            where s.stream = u.stream and j.stream_no = s.stream_no and j.job = u.job and j.fence = u.fence
                and j.node is not null and j.done_us is null and j.kind = 'timer';
        get diagnostics v_changed = row_count;
        update jobs j set done_us = p_ats[u.n], node = null
            from unnest(p_under_of, p_under_streams, p_under_jobs, p_under_fences) as u (n, stream, job, fence), streams s
            where s.stream = u.stream and j.stream_no = s.stream_no and j.job = u.job and j.fence = u.fence
                and j.node is not null and j.done_us is null and j.kind = 'message';
        get diagnostics v_more = row_count;
        if v_changed + v_more < cardinality(p_under_of) then
            raise exception using errcode = 'BT003', message = 'a claim has passed on';
        end if;
    end if;
    insert into entries (stream_no, sequence, line)
        select v_streams[n], s, l from unnest(p_line_of, p_sequences, p_lines) as u (n, s, l);
    if cardinality(p_blobs) > 0 then
        -- In the order of digests, so that two groups with the same documents never wait for each other in a circle.
        insert into blobs (digest, bytes)
            select d, b from unnest(p_blob_digests, p_blobs) as u (d, b) order by d
            on conflict (digest) do nothing;
    end if;
    if cardinality(p_cleared) > 0 then
        delete from jobs j using unnest(p_cleared_of, p_cleared) as u (n, job)
            where j.stream_no = v_streams[u.n] and j.job = u.job and j.done_us is null;
    end if;
    if cardinality(p_jobs) > 0 then
        insert into jobs as j (stream_no, job, kind, due_us, ready_us, body)
            select v_streams[n], i, k, d, d, b from unnest(p_job_of, p_jobs, p_kinds, p_job_dues, p_bodies) as u (n, i, k, d, b)
            on conflict (stream_no, job) do update
            set due_us = excluded.due_us, ready_us = excluded.ready_us, body = excluded.body,
                attempt = 0, fence = 0, node = null, done_us = null
            where j.kind = 'timer' and excluded.kind = 'timer';
        get diagnostics v_changed = row_count;
        if v_changed < cardinality(p_jobs) then
            raise exception using errcode = 'BT002', message = 'a message or timer has that name already';
        end if;
    end if;
    if cardinality(p_keys) > 0 then
        insert into requests (key, digest, stream_no, answer)
            select k, d, v_streams[n], a from unnest(p_request_of, p_keys, p_digests, p_answers) as u (n, k, d, a)
            on conflict (key) do nothing;
        get diagnostics v_changed = row_count;
        if v_changed < cardinality(p_keys) then
            raise exception using errcode = 'BT003', message = 'an idempotency key is taken';
        end if;
    end if;
end
$$;
