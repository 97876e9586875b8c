-- The trace of each handoff and mission, with what a list shows of it, so that lists replay nothing.
create table if not exists streams (
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
)
