-- One row per trace entry, in the order of writing: entries of many streams share the few pages that a commit writes. The first entry
-- of a transition holds the request it answers: 128 bits of its idempotency key's digest, the digest of what was asked, the answer.
create table if not exists entries (
    entry_no integer primary key,
    stream_no integer not null,
    sequence integer not null,
    key blob,
    asked blob,
    answer blob,
    line blob not null,
    constraint entries_sequence unique (stream_no, sequence)
) strict
