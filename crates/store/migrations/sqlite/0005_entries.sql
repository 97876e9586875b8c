-- One row per trace entry, in the order of writing: entries of many streams share the few pages that a commit writes.
create table if not exists entries (
    entry_no integer primary key,
    stream_no integer not null,
    sequence integer not null,
    line blob not null,
    constraint entries_sequence unique (stream_no, sequence)
) strict
