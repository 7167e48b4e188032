-- Work to be done after the transaction that made it necessary.
CREATE TABLE job (
  -- random
  id int PRIMARY KEY,
  -- which handler
  kind text NOT NULL,
  -- idempotency: one job per kind and key
  key text NOT NULL,
  -- JSON for the handler; emptied when the job has ended well
  payload text NOT NULL,
  -- 0 waiting, 1 running, 2 done, 3 dead
  state int NOT NULL,
  -- waiting: not to run before; running: when the run is held for dead; NULL when ended
  due_us int,
  -- runs begun
  attempts int NOT NULL,
  -- the right of the present run to end the job; 0 when none runs
  claim int NOT NULL,
  -- what the last failed run said; no personal data
  error text,
  -- when it was added
  added_us int NOT NULL,
  -- when it was done or given up
  ended_us int,
  UNIQUE (kind, key)
);
CREATE INDEX job_due ON job (kind, due_us);
CREATE INDEX job_state ON job (state, ended_us);

-- When each schedule is due next; whoever moves the time on adds the job.
CREATE TABLE job_schedule (
  -- the kind of job it adds
  kind text PRIMARY KEY,
  -- due at
  next_us int NOT NULL
);
