-- name: job_insert :count
-- Add a job; nothing when kind and key are known.
-- in: id int, kind text, key text, payload text, due_us int, added_us int
INSERT INTO job (id, kind, key, payload, state, due_us, attempts, claim, added_us)
VALUES (:id, :kind, :key, :payload, 0, :due_us, 0, 0, :added_us)
ON CONFLICT (kind, key) DO NOTHING

-- name: job_first_due :many
-- When the next job of each of these kinds (a JSON list) is due, or the lease of a running one ends; in the order of the list. For
-- each kind one step into the index, however many jobs wait.
-- in: kinds text
-- out: due_us int?
-- sqlite:
SELECT (SELECT j.due_us FROM job j WHERE j.kind = k.value AND j.due_us IS NOT NULL ORDER BY j.due_us LIMIT 1)
FROM json_each(:kinds) k ORDER BY k.key
-- postgres:
SELECT (SELECT j.due_us FROM job j WHERE j.kind = k.value AND j.due_us IS NOT NULL ORDER BY j.due_us LIMIT 1)
FROM json_array_elements_text(CAST(:kinds AS json)) WITH ORDINALITY AS k (value, key) ORDER BY k.key

-- name: job_claim :opt
-- Take the job of a kind that has waited longest: it is this run's until the lease ends.
-- in: kind text, now_us int, lease_us int, claim int
-- out: id int, key text, payload text, attempts int
-- sqlite:
UPDATE job SET state = 1, attempts = attempts + 1, due_us = :lease_us, claim = :claim
WHERE id = (SELECT id FROM job WHERE kind = :kind AND due_us <= :now_us ORDER BY due_us LIMIT 1)
RETURNING id, key, payload, attempts
-- postgres:
UPDATE job SET state = 1, attempts = attempts + 1, due_us = :lease_us, claim = :claim
WHERE id = (SELECT id FROM job WHERE kind = :kind AND due_us <= :now_us ORDER BY due_us LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, key, payload, attempts

-- name: job_done :count
-- The run ended well. Its payload is no longer needed.
-- in: id int, claim int, now_us int
UPDATE job SET state = 2, due_us = NULL, claim = 0, payload = '', error = NULL, ended_us = :now_us
WHERE id = :id AND claim = :claim AND state = 1

-- name: job_put_off :count
-- The run failed; again later.
-- in: id int, claim int, due_us int, error text
UPDATE job SET state = 0, due_us = :due_us, claim = 0, error = :error WHERE id = :id AND claim = :claim AND state = 1

-- name: job_step_back :count
-- The run was stopped before its end: due again, and it does not count.
-- in: id int, claim int, due_us int
UPDATE job SET state = 0, due_us = :due_us, attempts = attempts - 1, claim = 0 WHERE id = :id AND claim = :claim AND state = 1

-- name: job_dead :count
-- The run failed for the last time.
-- in: id int, claim int, now_us int, error text
UPDATE job SET state = 3, due_us = NULL, claim = 0, error = :error, ended_us = :now_us
WHERE id = :id AND claim = :claim AND state = 1

-- name: job_by_key :one
-- A job by what it was added as.
-- in: kind text, key text
-- out: id int, kind text, key text, error text?, state int, attempts int, added_us int, due_us int?, ended_us int?
SELECT id, kind, key, error, state, attempts, added_us, due_us, ended_us FROM job WHERE kind = :kind AND key = :key

-- name: job_list_dead :many
-- Jobs that were given up, newest first.
-- in: at_most int
-- out: id int, kind text, key text, error text?, state int, attempts int, added_us int, due_us int?, ended_us int?
SELECT id, kind, key, error, state, attempts, added_us, due_us, ended_us FROM job
WHERE state = 3 ORDER BY ended_us DESC LIMIT :at_most

-- name: job_state :one
-- The state of a job.
-- in: id int
-- out: state int
SELECT state FROM job WHERE id = :id

-- name: job_revive :count
-- A dead job gets all its attempts again.
-- in: id int, now_us int
UPDATE job SET state = 0, attempts = 0, due_us = :now_us, ended_us = NULL WHERE id = :id AND state = 3

-- name: job_drop :count
-- Take back a job that has not begun.
-- in: kind text, key text
DELETE FROM job WHERE kind = :kind AND key = :key AND state = 0

-- name: job_forget :exec
-- Forget the jobs of a kind whose keys begin so, but one that runs now.
-- in: kind text, lo text, hi text
DELETE FROM job WHERE kind = :kind AND key >= :lo AND key < :hi AND state <> 1

-- name: job_sweep :count
-- Forget jobs that ended well long ago; some at a time.
-- in: before_us int, at_most int
DELETE FROM job WHERE id IN (SELECT id FROM job WHERE state = 2 AND ended_us < :before_us LIMIT :at_most)

-- name: job_numbers :one
-- How many wait, run and are dead, and the one due longest.
-- out: waiting int, running int, dead int, oldest_due_us int
SELECT (SELECT count(*) FROM job WHERE state = 0), (SELECT count(*) FROM job WHERE state = 1),
       (SELECT count(*) FROM job WHERE state = 3), coalesce((SELECT min(due_us) FROM job WHERE state = 0), 0)

-- name: job_schedule_add :exec
-- A schedule this program knows; its time stays when it is there.
-- in: kind text, next_us int
INSERT INTO job_schedule (kind, next_us) VALUES (:kind, :next_us) ON CONFLICT (kind) DO NOTHING

-- name: job_schedule_move :count
-- Move a schedule that is due on to its next time: whoever succeeds adds the job.
-- in: kind text, now_us int, next_us int
UPDATE job_schedule SET next_us = :next_us WHERE kind = :kind AND next_us <= :now_us

-- name: job_numbers_by_kind :many
-- How many of each kind wait, run and are dead.
-- out: kind text, state int, n int, oldest_added_us int
SELECT kind, state, count(*), min(added_us) FROM job WHERE state IN (0, 1, 3) GROUP BY kind, state ORDER BY kind, state

-- name: job_waited :one
-- How many of a kind were there by a time and ended well since another.
-- in: kind text, since_us int, until_us int
-- out: n int
SELECT count(*) FROM job WHERE state = 2 AND ended_us >= :since_us AND added_us <= :until_us AND kind = :kind

-- name: job_done_since :one
-- How many of a kind ended well since.
-- in: kind text, since_us int
-- out: n int
SELECT count(*) FROM job WHERE state = 2 AND ended_us >= :since_us AND kind = :kind
