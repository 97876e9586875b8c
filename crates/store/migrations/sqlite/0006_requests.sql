-- Idempotency keys with the digest of what was asked and the answer that was given, in the order of writing.
create table if not exists requests (
    request_no integer primary key,
    key text not null,
    digest blob not null,
    stream_no integer not null,
    answer blob not null,
    constraint requests_key unique (key)
) strict
