create index if not exists streams_state on streams (state, stream)
