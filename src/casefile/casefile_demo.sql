-- Making many case files at once, for measuring: each statement takes a JSON list of rows. It writes the tables of record/ and
-- search/ too, because one row at a time through their functions would take minutes. Everything verify asks for holds.

-- name: casefile_demo_record :exec
-- Case file records, numbered; closed_us none: open.
-- in: rows text
INSERT INTO record_casefile (id, series_id, class_id, year, seq, title, public_title, status, unit_id, retention, access_code, access_basis, registrations, created_us, closed_us, dispose_us)
SELECT CAST(j.value ->> 0 AS bigint), CAST(j.value ->> 1 AS bigint), CAST(j.value ->> 2 AS bigint), CAST(j.value ->> 3 AS bigint), CAST(j.value ->> 4 AS bigint), j.value ->> 5, j.value ->> 6, j.value ->> 7, CAST(j.value ->> 8 AS bigint), j.value ->> 9, j.value ->> 10, j.value ->> 11, CAST(j.value ->> 12 AS bigint), CAST(j.value ->> 13 AS bigint), CAST(j.value ->> 14 AS bigint), CAST(j.value ->> 14 AS bigint) + CAST(substr(j.value ->> 9, 7) AS bigint) * 31557600000000
-- sqlite:
FROM json_each(:rows) j
-- postgres:
FROM json_array_elements(CAST(:rows AS json)) j

-- name: casefile_demo_registration :exec
-- Registrations of applications, numbered, unfinished.
-- in: rows text
INSERT INTO record_registration (id, casefile_id, number, kind, journal_year, journal_seq, title, public_title, document_us, received_us, unit_id, author_party_id, party_visible, access_code, access_basis, version, created_us)
SELECT CAST(j.value ->> 0 AS bigint), CAST(j.value ->> 1 AS bigint), CAST(j.value ->> 2 AS bigint), CAST(j.value ->> 3 AS bigint), CAST(j.value ->> 4 AS bigint), CAST(j.value ->> 5 AS bigint), j.value ->> 6, j.value ->> 7, CAST(j.value ->> 8 AS bigint), CAST(j.value ->> 9 AS bigint), CAST(j.value ->> 10 AS bigint), CAST(j.value ->> 11 AS bigint), CAST(j.value ->> 12 AS bigint), j.value ->> 13, j.value ->> 14, CAST(j.value ->> 15 AS bigint), CAST(j.value ->> 16 AS bigint)
-- sqlite:
FROM json_each(:rows) j
-- postgres:
FROM json_array_elements(CAST(:rows AS json)) j

-- name: casefile_demo_correspondent :exec
-- Who sent them.
-- in: rows text
INSERT INTO record_party (registration_id, number, role, party_id)
SELECT CAST(j.value ->> 0 AS bigint), CAST(j.value ->> 1 AS bigint), CAST(j.value ->> 2 AS bigint), CAST(j.value ->> 3 AS bigint)
-- sqlite:
FROM json_each(:rows) j
-- postgres:
FROM json_array_elements(CAST(:rows AS json)) j

-- name: casefile_demo_document :exec
-- Their documents.
-- in: rows text
INSERT INTO record_document (id, registration_id, number, title, kind, created_us)
SELECT CAST(j.value ->> 0 AS bigint), CAST(j.value ->> 1 AS bigint), CAST(j.value ->> 2 AS bigint), j.value ->> 3, j.value ->> 4, CAST(j.value ->> 5 AS bigint)
-- sqlite:
FROM json_each(:rows) j
-- postgres:
FROM json_array_elements(CAST(:rows AS json)) j

-- name: casefile_demo_object :exec
-- The files behind them: one for the whole batch.
-- in: rows text, hash hash
INSERT INTO record_object (id, document_id, number, variant, mime, file_name, hash, bytes, created_us)
SELECT CAST(j.value ->> 0 AS bigint), CAST(j.value ->> 1 AS bigint), CAST(j.value ->> 2 AS bigint), CAST(j.value ->> 3 AS bigint), j.value ->> 4, j.value ->> 5, :hash, CAST(j.value ->> 6 AS bigint), CAST(j.value ->> 7 AS bigint)
-- sqlite:
FROM json_each(:rows) j
-- postgres:
FROM json_array_elements(CAST(:rows AS json)) j

-- name: casefile_demo_finish :exec
-- Finish what was registered at this moment.
-- in: rows text, now_us int
UPDATE record_registration SET finished_us = :now_us
-- sqlite:
WHERE id IN (SELECT CAST(j.value ->> 0 AS bigint) FROM json_each(:rows) j)
-- postgres:
WHERE id IN (SELECT CAST(j.value ->> 0 AS bigint) FROM json_array_elements(CAST(:rows AS json)) j)

-- name: casefile_demo_casefile :exec
-- Case files.
-- in: rows text
INSERT INTO casefile (id, no, version, draft_id, record_id, application_id, service_version_id, service_key, title, party_id, unit_id, caseworker_id, state, lang, received_us, deadline_us, closed_us, events, unread, waiting, answered_us, promised_us)
SELECT CAST(j.value ->> 0 AS bigint), j.value ->> 1, CAST(j.value ->> 2 AS bigint), CAST(j.value ->> 3 AS bigint), CAST(j.value ->> 4 AS bigint), CAST(j.value ->> 5 AS bigint), CAST(j.value ->> 6 AS bigint), j.value ->> 7, j.value ->> 8, CAST(j.value ->> 9 AS bigint), CAST(j.value ->> 10 AS bigint), CAST(j.value ->> 11 AS bigint), CAST(j.value ->> 12 AS bigint), CAST(j.value ->> 13 AS bigint), CAST(j.value ->> 14 AS bigint), CAST(j.value ->> 15 AS bigint), CAST(j.value ->> 16 AS bigint), CAST(j.value ->> 17 AS bigint), CAST(j.value ->> 18 AS bigint), CAST(j.value ->> 19 AS bigint), CAST(j.value ->> 20 AS bigint), CAST(j.value ->> 21 AS bigint)
-- sqlite:
FROM json_each(:rows) j
-- postgres:
FROM json_array_elements(CAST(:rows AS json)) j

-- name: casefile_demo_line :exec
-- What was applied for.
-- in: rows text
INSERT INTO casefile_line (casefile_id, number, key, label)
SELECT CAST(j.value ->> 0 AS bigint), CAST(j.value ->> 1 AS bigint), j.value ->> 2, j.value ->> 3
-- sqlite:
FROM json_each(:rows) j
-- postgres:
FROM json_array_elements(CAST(:rows AS json)) j

-- name: casefile_demo_task :exec
-- Work.
-- in: rows text
INSERT INTO casefile_task (id, casefile_id, unit_id, employee_id, kind, due_us, created_us, done_us)
SELECT CAST(j.value ->> 0 AS bigint), CAST(j.value ->> 1 AS bigint), CAST(j.value ->> 2 AS bigint), CAST(j.value ->> 3 AS bigint), j.value ->> 4, CAST(j.value ->> 5 AS bigint), CAST(j.value ->> 6 AS bigint), CAST(j.value ->> 7 AS bigint)
-- sqlite:
FROM json_each(:rows) j
-- postgres:
FROM json_array_elements(CAST(:rows AS json)) j

-- name: casefile_demo_reach :exec
-- Who may see them.
-- in: rows text
INSERT INTO casefile_reach (casefile_id, kind, ref, via, from_us, until_us, sort_us)
SELECT CAST(j.value ->> 0 AS bigint), CAST(j.value ->> 1 AS bigint), CAST(j.value ->> 2 AS bigint), CAST(j.value ->> 3 AS bigint), CAST(j.value ->> 4 AS bigint), CAST(j.value ->> 5 AS bigint), CAST(j.value ->> 6 AS bigint)
-- sqlite:
FROM json_each(:rows) j
-- postgres:
FROM json_array_elements(CAST(:rows AS json)) j

-- name: casefile_demo_event :exec
-- Their timelines.
-- in: rows text
INSERT INTO casefile_event (casefile_id, n, at_us, kind, party_id, employee_id, unit_id, party_visible, params, detail, registration_id)
SELECT CAST(j.value ->> 0 AS bigint), CAST(j.value ->> 1 AS bigint), CAST(j.value ->> 2 AS bigint), j.value ->> 3, CAST(j.value ->> 4 AS bigint), CAST(j.value ->> 5 AS bigint), CAST(j.value ->> 6 AS bigint), CAST(j.value ->> 7 AS bigint), j.value ->> 8, j.value ->> 9, CAST(j.value ->> 10 AS bigint)
-- sqlite:
FROM json_each(:rows) j
-- postgres:
FROM json_array_elements(CAST(:rows AS json)) j

-- name: casefile_demo_term :exec
-- Words they are found by.
-- in: rows text
INSERT INTO search_term (kind, ref, term, sort)
SELECT j.value ->> 0, CAST(j.value ->> 1 AS bigint), j.value ->> 2, CAST(j.value ->> 3 AS bigint)
-- sqlite:
FROM json_each(:rows) j
-- postgres:
FROM json_array_elements(CAST(:rows AS json)) j

-- name: casefile_demo_fact :exec
-- What the register says of fictional people.
-- in: rows text
INSERT INTO party_fact (party_id, attr, value, source, fetched_us)
SELECT CAST(j.value ->> 0 AS bigint), j.value ->> 1, j.value ->> 2, j.value ->> 3, CAST(j.value ->> 4 AS bigint)
-- sqlite:
FROM json_each(:rows) j
-- postgres:
FROM json_array_elements(CAST(:rows AS json)) j

-- name: casefile_demo_count :one
-- Many numbers of a series at once; gives the last.
-- in: series text, year int, n int
-- out: value int
INSERT INTO counter (series, year, value) VALUES (:series, :year, :n)
ON CONFLICT (series, year) DO UPDATE SET value = counter.value + excluded.value RETURNING value

-- name: casefile_demo_class :opt
-- Class and series of a key.
-- in: key text
-- out: id int, series_id int
SELECT c.id, c.series_id FROM record_class c JOIN record_series s ON s.id = c.series_id WHERE c.key = :key AND s.closed_us IS NULL LIMIT 1

-- name: casefile_demo_room :exec
-- SQLite's writer has room for 4 MB of pages, which is enough for a town's work. Filling touches many more, and each that had no
-- room was written and read again in the same transaction: half of the time.
-- sqlite:
PRAGMA cache_size = -256000
-- postgres:
SELECT 1

-- name: casefile_demo_analyze :exec
-- PostgreSQL gets to know what it was filled with; its own daemon comes a minute later, and plans made till then are poor.
-- sqlite:
SELECT 1
-- postgres:
ANALYZE
