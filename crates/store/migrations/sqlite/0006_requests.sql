-- Idempotency keys with the digest of what was asked and the answer that was given.
create table if not exists requests (
    key text not null primary key,
    digest blob not null,
    stream_no integer not null references streams (stream_no),
    answer blob not null
) strict, without rowid
