-- The whole schema, for readers. The numbered steps in `migrations` give exactly this; a test compares the two.

-- The trace of each handoff and mission, with what a list shows of it, so that lists replay nothing.
-- Numbers that other tables take from here are not declared as references: they are read in the transaction that writes them.
create table streams (
    stream_no integer primary key,
    stream text not null,
    entries integer not null,
    leaf blob not null,
    state text not null,
    turn text,
    due_us integer,
    has_grown integer not null default 1,
    sealed integer not null default 0,
    frontier blob,
    constraint streams_stream unique (stream),
    constraint streams_sealed check (sealed between 0 and entries),
    constraint streams_flag check (has_grown = 1 or sealed = entries)
) strict;

-- "Whose turn is it" is the question asked most often.
create index streams_turn on streams (turn, stream) where turn is not null;

create index streams_state on streams (state, stream);

-- Sealing looks only at what grew. A flag, since an index over `entries` would be written again at every transition.
create index streams_grown on streams (has_grown) where has_grown = 1;

-- One row per trace entry, in the order of writing: entries of many streams share the few pages that a commit writes. The first entry
-- of a transition holds the request it answers: 128 bits of its idempotency key's digest, the digest of what was asked, the answer.
create table entries (
    entry_no integer primary key,
    stream_no integer not null,
    sequence integer not null,
    key blob,
    asked blob,
    answer blob,
    line blob not null,
    constraint entries_sequence unique (stream_no, sequence)
) strict;

-- One request per key in the whole store.
create unique index entries_key on entries (key) where key is not null;

-- Packages, contracts and evidence, by the digest that entries name.
create table blobs (
    blob_no integer primary key,
    digest blob not null,
    bytes blob not null,
    constraint blobs_digest unique (digest)
) strict;

-- Timers and messages. `ready_us` is the later of when the job is due and when its lease ends.
create table jobs (
    job_no integer primary key,
    stream_no integer not null,
    job text not null,
    kind text not null,
    due_us integer not null,
    ready_us integer not null,
    body blob not null,
    attempt integer not null default 0,
    fence integer not null default 0,
    node text,
    done_us integer,
    constraint jobs_job unique (stream_no, job),
    constraint jobs_kind check (kind in ('timer', 'message'))
) strict;

-- What is due next, among a million that wait.
create index jobs_ready on jobs (kind, ready_us, job_no) where done_us is null;

-- The log of the whole store: how far each stream was sealed, and when.
create table register (
    sequence integer primary key,
    line blob not null
) strict;

-- One row: the last signed checkpoint of the register, and the last fence that was given.
create table standing (
    standing_no integer primary key,
    checkpoint blob,
    fence integer not null,
    constraint standing_one check (standing_no = 1)
) strict;

insert into standing (standing_no, checkpoint, fence) values (1, null, 0) on conflict do nothing;
