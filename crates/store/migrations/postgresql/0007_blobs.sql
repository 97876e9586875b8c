-- Packages, contracts and evidence, by the digest that entries name.
create table if not exists blobs (
    blob_no bigint generated always as identity primary key,
    digest bytea not null,
    bytes bytea not null,
    constraint blobs_digest unique (digest)
)
