-- What the tests of known faults look at below the domain.

-- name: fault_cases :many
-- Case files: whose, and of which service.
-- out: id int, party_id int?, service_key text, no text
SELECT id, party_id, service_key, no FROM casefile ORDER BY id

-- name: fault_tasks :many
-- Units that have, or had, work in a case.
-- out: casefile_id int, unit_id int, open bool
SELECT casefile_id, unit_id, CASE WHEN done_us IS NULL THEN 1 ELSE 0 END FROM casefile_task ORDER BY casefile_id

-- name: fault_mandates :many
-- Who may act for whom.
-- out: giver_id int, holder_id int, scope text, from_us int, until_us int?, withdrawn_us int?
SELECT giver_id, holder_id, scope, from_us, until_us, withdrawn_us FROM mandate

-- name: fault_people :many
-- Names and ids of people to be somebody.
-- out: id int, name text
SELECT id, name FROM party WHERE name <> '' ORDER BY id

-- name: fault_sent :one
-- What has left: registrations that go out, e-mails, letters delivered, lines of the timeline that say so.
-- in: casefile_id int
-- out: letters int, registrations int, mails int, told int
SELECT (SELECT count(*) FROM letter WHERE casefile_id = :casefile_id AND arrived_us IS NOT NULL),
  (SELECT count(*) FROM record_registration r JOIN casefile c ON c.record_id = r.casefile_id WHERE c.id = :casefile_id AND r.kind = 2),
  (SELECT count(*) FROM job WHERE kind = 'mail'),
  (SELECT count(*) FROM casefile_event WHERE casefile_id = :casefile_id AND kind = 'letter_delivered')

-- name: fault_fire_again :count
-- A queue that lost its mind: every job of this kind is due once more.
-- in: kind text, payload text, now_us int
UPDATE job SET state = 0, due_us = :now_us, attempts = 0, claim = 0, error = NULL, ended_us = NULL, payload = :payload WHERE kind = :kind

-- name: fault_newer :one
-- Case files that were received later.
-- in: received_us int
-- out: n int
SELECT count(*) FROM casefile WHERE received_us > :received_us

-- name: fault_word_of_all :exec
-- A word that every case file and every person has.
-- in: word text
INSERT INTO search_term (kind, ref, term, sort) SELECT 'casefile', id, :word, received_us FROM casefile UNION ALL SELECT 'party', id, :word, 0 FROM party

-- name: fault_word_of_one :exec
-- … and one that a single case file has.
-- in: id int, word text
INSERT INTO search_term (kind, ref, term, sort) SELECT 'casefile', id, :word, received_us FROM casefile WHERE id = :id

-- name: fault_word_of_party :exec
-- … and one that a single person has.
-- in: id int, word text
INSERT INTO search_term (kind, ref, term, sort) SELECT 'party', id, :word, 0 FROM party WHERE id = :id

-- name: fault_cases_of :many
-- The case files of a person in a unit, oldest first.
-- in: party_id int, unit_id int
-- out: id int
SELECT id FROM casefile WHERE party_id = :party_id AND unit_id = :unit_id ORDER BY received_us, id

-- name: fault_rows_read :one
-- PostgreSQL: how many rows this transaction has read so far.
-- out: n int
-- sqlite:
SELECT 0
-- postgres:
SELECT CAST(coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) AS bigint) FROM pg_stat_xact_user_tables
