-- name: record_counter_next :one
-- The next number of a series. Locks its row until commit: the last statement.
-- in: series text, year int
-- out: value int
INSERT INTO counter (series, year, value) VALUES (:series, :year, 1)
ON CONFLICT (series, year) DO UPDATE SET value = counter.value + 1 RETURNING value

-- name: record_counters :many
-- All counters.
-- out: series text, year int, value int
SELECT series, year, value FROM counter ORDER BY series, year

-- name: record_fonds_get :opt
-- The archive of the municipality and its series.
-- out: id int, uuid text, series_id int
SELECT f.id, f.uuid, s.id FROM record_fonds f JOIN record_series s ON s.fonds_id = f.id
WHERE f.closed_us IS NULL AND s.closed_us IS NULL ORDER BY s.created_us DESC LIMIT 1

-- name: record_fonds_insert :exec
-- An archive.
-- in: id int, uuid text, title text, now_us int
INSERT INTO record_fonds (id, uuid, title, created_us) VALUES (:id, :uuid, :title, :now_us)

-- name: record_series_insert :exec
-- A series.
-- in: id int, fonds_id int, title text, now_us int
INSERT INTO record_series (id, fonds_id, title, status, created_us) VALUES (:id, :fonds_id, :title, 'A', :now_us)

-- name: record_class_put :exec
-- A class, unless it is there.
-- in: id int, series_id int, key text, title text, now_us int
INSERT INTO record_class (id, series_id, key, title, created_us) VALUES (:id, :series_id, :key, :title, :now_us)
ON CONFLICT (series_id, key) DO NOTHING

-- name: record_class_get :opt
-- The class of that key in the open series.
-- in: key text
-- out: id int, series_id int
SELECT c.id, c.series_id FROM record_class c JOIN record_series s ON s.id = c.series_id
WHERE c.key = :key AND s.closed_us IS NULL ORDER BY s.created_us DESC LIMIT 1

-- name: record_casefile_insert :exec
-- A case file record, without a number.
-- in: id int, series_id int, class_id int, title text, public_title text, unit_id int, retention text, access_code text, access_basis text, now_us int
INSERT INTO record_casefile (id, series_id, class_id, title, public_title, status, unit_id, retention, access_code, access_basis, registrations, created_us)
VALUES (:id, :series_id, :class_id, :title, :public_title, 'B', :unit_id, :retention, :access_code, :access_basis, 0, :now_us)

-- name: record_casefile_take :exec
-- The next case number. Locks its row until commit. Of what is not there, or has a number, the year is missing: refused.
-- in: id int, year int
INSERT INTO counter (series, year, value)
VALUES ('casefile', (SELECT CAST(:year AS bigint) FROM record_casefile WHERE id = :id AND seq IS NULL), 1)
ON CONFLICT (series, year) DO UPDATE SET value = counter.value + 1

-- name: record_casefile_number :exec
-- The number that was just taken is its number.
-- in: id int, year int
UPDATE record_casefile SET year = :year, seq = (SELECT value FROM counter WHERE series = 'casefile' AND year = :year) WHERE id = :id

-- name: record_casefile_status :opt
-- Whether it is open.
-- in: id int
-- out: closed_us int?, registrations int
SELECT closed_us, registrations FROM record_casefile WHERE id = :id

-- name: record_casefile_close :count
-- Close it; dispose_us: when it is to be erased.
-- in: id int, now_us int, dispose_us int?
UPDATE record_casefile SET status = 'A', closed_us = :now_us, dispose_us = :dispose_us WHERE id = :id AND closed_us IS NULL

-- name: record_casefile_reopen :count
-- Open it again.
-- in: id int
UPDATE record_casefile SET status = 'B', closed_us = NULL, dispose_us = NULL WHERE id = :id AND closed_us IS NOT NULL

-- name: record_casefile_unit :count
-- Another unit handles it.
-- in: id int, unit_id int
UPDATE record_casefile SET unit_id = :unit_id WHERE id = :id

-- name: record_casefile_count_up :opt
-- The number of its next registration; none when it is closed or not there.
-- in: id int
-- out: number int
UPDATE record_casefile SET registrations = registrations + 1 WHERE id = :id AND closed_us IS NULL RETURNING registrations

-- name: record_registration_insert :exec
-- A registration.
-- in: id int, casefile_id int, number int, kind int, title text, public_title text, document_us int, received_us int?, sent_us int?, unit_id int, author_employee_id int?, author_party_id int?, party_visible bool, access_code text, access_basis text, version int, replaces_id int?, reason text?, now_us int
INSERT INTO record_registration (id, casefile_id, number, kind, title, public_title, document_us, received_us, sent_us, unit_id, author_employee_id, author_party_id, party_visible, access_code, access_basis, version, replaces_id, reason, created_us)
VALUES (:id, :casefile_id, :number, :kind, :title, :public_title, :document_us, :received_us, :sent_us, :unit_id, :author_employee_id, :author_party_id, :party_visible, :access_code, :access_basis, :version, :replaces_id, :reason, :now_us)

-- name: record_registration_row :opt
-- A registration.
-- in: id int
-- out: id int, casefile_id int, number int, kind int, journal_year int?, journal_seq int?, title text, public_title text, document_us int, received_us int?, sent_us int?, unit_id int, author_employee_id int?, author_party_id int?, party_visible bool, access_code text, access_basis text, version int, replaces_id int?, reason text?, finished_us int?, replaced bool
SELECT r.id, r.casefile_id, r.number, r.kind, r.journal_year, r.journal_seq, r.title, r.public_title, r.document_us, r.received_us, r.sent_us, r.unit_id, r.author_employee_id, r.author_party_id, r.party_visible, r.access_code, r.access_basis, r.version, r.replaces_id, r.reason, r.finished_us,
  EXISTS (SELECT 1 FROM record_registration x WHERE x.replaces_id = r.id)
FROM record_registration r WHERE r.id = :id

-- name: record_registration_list :many
-- The registrations of a case file, oldest first.
-- in: casefile_id int, party_view bool
-- out: id int, casefile_id int, number int, kind int, journal_year int?, journal_seq int?, title text, public_title text, document_us int, received_us int?, sent_us int?, unit_id int, author_employee_id int?, author_party_id int?, party_visible bool, access_code text, access_basis text, version int, replaces_id int?, reason text?, finished_us int?, replaced bool
SELECT r.id, r.casefile_id, r.number, r.kind, r.journal_year, r.journal_seq, r.title, r.public_title, r.document_us, r.received_us, r.sent_us, r.unit_id, r.author_employee_id, r.author_party_id, r.party_visible, r.access_code, r.access_basis, r.version, r.replaces_id, r.reason, r.finished_us,
  EXISTS (SELECT 1 FROM record_registration x WHERE x.replaces_id = r.id)
FROM record_registration r WHERE r.casefile_id = :casefile_id AND (:party_view = 0 OR r.party_visible = 1)
ORDER BY r.number

-- name: record_registration_finish :count
-- Finish it, once.
-- in: id int, now_us int
UPDATE record_registration SET finished_us = :now_us WHERE id = :id AND finished_us IS NULL

-- name: record_registration_take :exec
-- The next number in the journal. Locks its row until commit. Of what is not there the year is missing: refused.
-- in: id int, year int
INSERT INTO counter (series, year, value)
VALUES ('journal', (SELECT CAST(:year AS bigint) FROM record_registration WHERE id = :id), 1)
ON CONFLICT (series, year) DO UPDATE SET value = counter.value + 1

-- name: record_registration_number :exec
-- The number that was just taken is its number in the journal. Law 8 refuses a second one.
-- in: id int, year int
UPDATE record_registration SET journal_year = :year, journal_seq = (SELECT value FROM counter WHERE series = 'journal' AND year = :year)
WHERE id = :id

-- name: record_party_insert :exec
-- A correspondent.
-- in: registration_id int, number int, role int, party_id int?, unit_id int?, name text?
INSERT INTO record_party (registration_id, number, role, party_id, unit_id, name) VALUES (:registration_id, :number, :role, :party_id, :unit_id, :name)

-- name: record_party_count :one
-- How many correspondents it has.
-- in: registration_id int
-- out: n int
SELECT coalesce(max(number), 0) FROM record_party WHERE registration_id = :registration_id

-- name: record_party_copy :exec
-- The correspondents of the version that is corrected.
-- in: from_id int, to_id int
INSERT INTO record_party (registration_id, number, role, party_id, unit_id, name)
SELECT :to_id, number, role, party_id, unit_id, name FROM record_party WHERE registration_id = :from_id

-- name: record_document_count :one
-- How many documents a registration has, and how many of them have a file.
-- in: registration_id int
-- out: documents int, with_file int
SELECT count(*), count(CASE WHEN EXISTS (SELECT 1 FROM record_object o WHERE o.document_id = d.id) THEN 1 END)
FROM record_document d WHERE d.registration_id = :registration_id

-- name: record_registration_lock :opt
-- Whether it is finished (law 8). Locks it: finishing it and a change of what belongs to it wait for each other.
-- in: id int
-- out: finished_us int?
SELECT finished_us FROM record_registration WHERE id = :id
-- postgres:
FOR UPDATE

-- name: record_document_next :one
-- How many documents a registration has.
-- in: registration_id int
-- out: documents int
SELECT count(*) FROM record_document WHERE registration_id = :registration_id

-- name: record_document_insert :exec
-- A document.
-- in: id int, registration_id int, number int, title text, kind text, now_us int
INSERT INTO record_document (id, registration_id, number, title, kind, created_us) VALUES (:id, :registration_id, :number, :title, :kind, :now_us)

-- name: record_object_insert :exec
-- One form of a document, numbered on.
-- in: id int, document_id int, variant int, mime text, file_name text, hash hash, bytes int, now_us int, format text
INSERT INTO record_object (id, document_id, number, variant, mime, file_name, hash, bytes, created_us, format)
SELECT :id, :document_id, coalesce(max(number), 0) + 1, :variant, :mime, :file_name, :hash, :bytes, :now_us, :format FROM record_object WHERE document_id = :document_id

-- name: record_document_owner :opt
-- The registration a document belongs to.
-- in: id int
-- out: registration_id int
SELECT registration_id FROM record_document WHERE id = :id

-- name: record_document_list :many
-- The documents of a case file with the form a person opens: the archive variant if there is one, else the newest.
-- in: casefile_id int, party_view bool
-- out: id int, registration_id int, casefile_id int, number int, title text, kind text, party_visible bool, created_us int, file_name text, mime text, hash hash, bytes int
SELECT d.id, d.registration_id, r.casefile_id, d.number, d.title, d.kind, r.party_visible, d.created_us, o.file_name, o.mime, o.hash, o.bytes
FROM record_registration r JOIN record_document d ON d.registration_id = r.id
JOIN record_object o ON o.document_id = d.id AND o.id = (SELECT x.id FROM record_object x WHERE x.document_id = d.id ORDER BY x.variant DESC, x.number DESC LIMIT 1)
WHERE r.casefile_id = :casefile_id AND (:party_view = 0 OR r.party_visible = 1)
ORDER BY r.number, d.number

-- name: record_document_row :opt
-- One document; source: its first form instead.
-- in: id int, source bool
-- out: id int, registration_id int, casefile_id int, number int, title text, kind text, party_visible bool, created_us int, file_name text, mime text, hash hash, bytes int
SELECT d.id, d.registration_id, r.casefile_id, d.number, d.title, d.kind, r.party_visible, d.created_us, o.file_name, o.mime, o.hash, o.bytes
FROM record_document d JOIN record_registration r ON r.id = d.registration_id
JOIN record_object o ON o.document_id = d.id
WHERE d.id = :id
ORDER BY CASE WHEN :source = 1 THEN o.number ELSE 0 END, o.variant DESC, o.number DESC LIMIT 1

-- name: record_main_document :opt
-- The main document of a registration.
-- in: registration_id int
-- out: id int
SELECT id FROM record_document WHERE registration_id = :registration_id AND number = 1

-- name: record_gap_casefile :many
-- Years in which the case numbers are not 1, 2, … to the counter.
-- out: year int, numbers int, highest int, counter int?
SELECT r.year, count(*), max(r.seq), c.value FROM record_casefile r LEFT JOIN counter c ON c.series = 'casefile' AND c.year = r.year
WHERE r.year IS NOT NULL GROUP BY r.year, c.value
HAVING count(*) <> max(r.seq) OR min(r.seq) <> 1 OR c.value IS NULL OR c.value <> max(r.seq)

-- name: record_gap_journal :many
-- As above for the journal.
-- out: year int, numbers int, highest int, counter int?
SELECT r.journal_year, count(*), max(r.journal_seq), c.value FROM record_registration r LEFT JOIN counter c ON c.series = 'journal' AND c.year = r.journal_year
WHERE r.journal_year IS NOT NULL GROUP BY r.journal_year, c.value
HAVING count(*) <> max(r.journal_seq) OR min(r.journal_seq) <> 1 OR c.value IS NULL OR c.value <> max(r.journal_seq)

-- name: record_unnumbered :one
-- What lacks a number, and finished registrations without a document.
-- out: casefiles int, registrations int, hollow int
SELECT (SELECT count(*) FROM record_casefile WHERE seq IS NULL),
  (SELECT count(*) FROM record_registration WHERE journal_seq IS NULL),
  (SELECT count(*) FROM record_registration r JOIN record_casefile c ON c.id = r.casefile_id WHERE r.finished_us IS NOT NULL AND c.disposal_id IS NULL AND NOT EXISTS (SELECT 1 FROM record_document d JOIN record_object o ON o.document_id = d.id WHERE d.registration_id = r.id))

-- name: record_object_page :many
-- Files to check, by address.
-- in: after hash, limit int
-- out: hash hash, bytes int
SELECT DISTINCT hash, bytes FROM record_object WHERE hash > :after ORDER BY hash LIMIT :limit
