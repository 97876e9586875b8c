-- Sealing looks only at what grew. A flag, since an index over `entries` would be written again at every transition.
create index if not exists streams_grown on streams (has_grown) where has_grown = 1
