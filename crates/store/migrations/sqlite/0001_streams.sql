-- The trace of each handoff and mission, with what a list shows of it, so that lists replay nothing.
create table if not exists streams (
    stream_no integer primary key,
    stream text not null,
    entries integer not null,
    leaf blob not null,
    state text not null,
    turn text,
    due_us integer,
    sealed integer not null default 0,
    constraint streams_stream unique (stream),
    constraint streams_sealed check (sealed between 0 and entries)
) strict
