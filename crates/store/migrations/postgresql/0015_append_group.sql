-- Transitions of different streams as one statement and one commit. Anything that is not as every one of them expects raises, which
-- undoes them all: the caller then asks for each alone, and `append_transition` tells which was refused and why.
create or replace function append_group(
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
$$
