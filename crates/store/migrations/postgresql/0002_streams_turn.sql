-- "Whose turn is it" is the question asked most often.
create index if not exists streams_turn on streams (turn, stream) where turn is not null
