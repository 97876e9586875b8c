-- Sealing looks only at what grew.
create index if not exists streams_unsealed on streams (stream) where sealed < entries
