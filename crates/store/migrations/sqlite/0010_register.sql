-- The log of the whole store: how far each stream was sealed, and when.
create table if not exists register (
    sequence integer primary key,
    line blob not null
) strict
