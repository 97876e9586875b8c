-- One transition in one statement, so that one round trip keeps it. Refusals come before any write; what cannot be known
-- before (a key taken meanwhile) raises, which undoes everything and is asked again.
create or replace function append_transition(
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
$$
