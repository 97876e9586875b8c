-- Packages, contracts and evidence, by the digest that entries name.
create table if not exists blobs (
    digest bytea not null primary key,
    bytes bytea not null
)
