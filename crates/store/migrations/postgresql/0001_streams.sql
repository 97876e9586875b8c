-- The trace of each handoff and mission, with what a list shows of it, so that lists replay nothing.
-- Numbers that other tables take from here are not declared as references: they are read in the transaction that writes them, and
-- looking them up again would lock the stream's row once per row.
create table if not exists streams (
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
) with (fillfactor = 70)
