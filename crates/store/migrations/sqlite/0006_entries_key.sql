-- One request per key in the whole store.
create unique index if not exists entries_key on entries (key) where key is not null
