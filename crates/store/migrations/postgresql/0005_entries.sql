-- One row per trace entry.
create table if not exists entries (
    stream_no bigint not null,
    sequence bigint not null,
    line bytea not null,
    primary key (stream_no, sequence)
)
