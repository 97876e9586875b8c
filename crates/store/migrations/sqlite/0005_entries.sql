-- One row per trace entry; clustered, so that a stream is read in one sweep.
create table if not exists entries (
    stream_no integer not null references streams (stream_no),
    sequence integer not null,
    line blob not null,
    primary key (stream_no, sequence)
) strict, without rowid
