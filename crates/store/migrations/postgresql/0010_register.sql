-- The log of the whole store: how far each stream was sealed, and when.
create table if not exists register (
    sequence bigint not null primary key,
    line bytea not null
)
