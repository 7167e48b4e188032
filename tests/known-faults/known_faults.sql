-- What the tests of known faults look at below the domain.

-- name: fault_cases :many
-- Case files: whose (with a protected address?), of which service, in which unit.
-- out: id int, party_id int?, protected bool, service_key text, no text, unit_id int
SELECT c.id, c.party_id, coalesce(p.protected, 0), c.service_key, c.no, c.unit_id FROM casefile c LEFT JOIN party p ON p.id = c.party_id ORDER BY c.id

-- name: fault_tasks :many
-- Units that have, or had, work in a case; which employee has it (0: nobody).
-- out: casefile_id int, unit_id int, employee_id int, open bool
SELECT casefile_id, unit_id, coalesce(employee_id, 0), CASE WHEN done_us IS NULL THEN 1 ELSE 0 END FROM casefile_task ORDER BY casefile_id

-- name: fault_mandates :many
-- Who may act for whom.
-- out: giver_id int, holder_id int, scope text, from_us int, until_us int?, withdrawn_us int?
SELECT giver_id, holder_id, scope, from_us, until_us, withdrawn_us FROM mandate

-- name: fault_people :many
-- Names and ids of people to be somebody.
-- out: id int, name text
SELECT id, name FROM party WHERE name <> '' ORDER BY id

-- name: fault_letters_begin :exec
-- A letter in every twentieth case that is somebody's …
-- in: employee_id int, now_us int
INSERT INTO letter (id, casefile_id, party_id, version, state, channel, lang, template_key, title, markdown, sent_title, sent_markdown, score, grade, adverse,
    has_reasons, has_legal_basis, has_appeal, has_contact, employee_id, author, created_us, pdf_hash, pdf_bytes, fail_detail)
SELECT c.id, c.id, c.party_id, 1, 0, 0, 0, '', 'Brev', 'Hej', '', '', 0, '', 0, 0, 0, 0, 0, :employee_id, 'Bo', :now_us, '', 0, ''
FROM casefile c WHERE c.party_id IS NOT NULL AND c.application_id IS NOT NULL AND c.id % 20 = 0

-- name: fault_letters_to_print :exec
-- … which waits for the printer.
-- in: now_us int
UPDATE letter SET state = 3, channel = 2, sent_title = 'Brev', sent_markdown = 'Hej', queued_us = :now_us, dispatched_us = :now_us, pdf_hash = 'x', pdf_bytes = 1,
    registration_id = (SELECT c.application_id FROM casefile c WHERE c.id = letter.casefile_id)

-- name: fault_letters :many
-- Which they are, and whether their address is protected.
-- out: casefile_id int, protected bool
SELECT l.casefile_id, p.protected FROM letter l JOIN party p ON p.id = l.party_id

-- name: fault_protect :exec
-- Some people's address is protected.
UPDATE party SET protected = 1 WHERE id % 7 = 0

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

-- name: fault_word_of_cases :exec
-- … one that every case file has, and no person;
-- in: word text
INSERT INTO search_term (kind, ref, term, sort) SELECT 'casefile', id, :word, received_us FROM casefile

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

-- name: fault_vacuum :exec
-- What PostgreSQL's daemon does to a house sooner or later; till then it must ask the table what an index could have said.
-- sqlite:
SELECT 1
-- postgres:
VACUUM ANALYZE

-- name: fault_rows_read :one
-- PostgreSQL: how many rows and entries of indexes this transaction has read so far. 16384 is the first number that is not
-- PostgreSQL's own.
-- out: n int
-- sqlite:
SELECT 0
-- postgres:
SELECT CAST(sum(pg_stat_get_xact_tuples_returned(oid)) AS bigint) FROM pg_class WHERE relkind IN ('r', 'i') AND oid >= 16384
