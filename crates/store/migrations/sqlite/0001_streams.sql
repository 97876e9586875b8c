-- The trace of each handoff and mission, with what a list shows of it, so that lists replay nothing.
-- Numbers that other tables take from here are not declared as references: they are read in the transaction that writes them.
create table if not exists streams (
    stream_no integer primary key,
    stream text not null,
    entries integer not null,
    leaf blob not null,
    state text not null,
    turn text,
    due_us integer,
    has_grown integer not null default 1,
    sealed integer not null default 0,
    frontier blob,
    constraint streams_stream unique (stream),
    constraint streams_sealed check (sealed between 0 and entries),
    constraint streams_flag check (has_grown = 1 or sealed = entries)
) strict
