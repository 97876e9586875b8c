-- Packages, contracts and evidence, by the digest that entries name.
create table if not exists blobs (
    blob_no integer primary key,
    digest blob not null,
    bytes blob not null,
    constraint blobs_digest unique (digest)
) strict
