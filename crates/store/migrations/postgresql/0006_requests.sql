-- Idempotency keys with the digest of what was asked and the answer that was given.
create table if not exists requests (
    key text collate "C" not null primary key,
    digest bytea not null,
    stream_no bigint not null,
    answer bytea not null
)
