-- What is due next, among a million that wait.
create index if not exists jobs_ready on jobs (kind, ready_us, job_no) where done_us is null
