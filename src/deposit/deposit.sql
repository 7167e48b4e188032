-- The deposit reads the tables of record/ and casefile/ as they are, in few large steps: a function of theirs for each of a
-- hundred thousand registrations would ask the database ten times as often. It writes none of them.

-- Case files of a deposit: closed in the period, not erased, and kept for ever unless all are asked for.
-- fragment: deposit_holds(c)
@c@.closed_us >= :from_us AND @c@.closed_us < :to_us AND @c@.disposal_id IS NULL AND (:all = 1 OR @c@.retention = 'keep')

-- name: deposit_fonds :opt
-- The archive.
-- out: id int, uuid text, title text, created_us int
SELECT id, uuid, title, created_us FROM record_fonds WHERE closed_us IS NULL ORDER BY created_us DESC LIMIT 1

-- name: deposit_left_out :one
-- What the period has and a deposit leaves: open case files begun in it, and closed ones that are to be erased in time.
-- in: from_us int, to_us int, all bool
-- out: still_open int, disposable int
SELECT (SELECT count(*) FROM record_casefile c WHERE c.closed_us IS NULL AND c.created_us < :to_us),
  (SELECT count(*) FROM record_casefile c WHERE c.closed_us >= :from_us AND c.closed_us < :to_us AND c.disposal_id IS NULL AND :all = 0 AND c.retention <> 'keep')

-- name: deposit_flags :one
-- What the description says of the whole.
-- in: from_us int, to_us int, all bool
-- out: journal int, first_us int?, screened bool, disposable bool
SELECT (SELECT count(*) FROM record_registration r JOIN record_casefile c ON c.id = r.casefile_id WHERE r.kind <> 4 AND @deposit_holds(c)@),
  (SELECT min(r.created_us) FROM record_registration r JOIN record_casefile c ON c.id = r.casefile_id WHERE r.kind <> 4 AND @deposit_holds(c)@),
  CASE WHEN EXISTS (SELECT 1 FROM record_casefile c WHERE c.access_code <> '' AND @deposit_holds(c)@)
    OR EXISTS (SELECT 1 FROM record_registration r JOIN record_casefile c ON c.id = r.casefile_id WHERE r.access_code <> '' AND @deposit_holds(c)@) THEN 1 ELSE 0 END,
  CASE WHEN EXISTS (SELECT 1 FROM record_casefile c WHERE c.retention <> 'keep' AND @deposit_holds(c)@) THEN 1 ELSE 0 END

-- name: deposit_unready :many
-- Closed case files that cannot be deposited: a registration is not finished, has no number or no document with a file.
-- in: from_us int, to_us int, all bool, limit int
-- out: year int?, seq int?
SELECT c.year, c.seq FROM record_casefile c WHERE @deposit_holds(c)@
AND (c.seq IS NULL OR EXISTS (SELECT 1 FROM record_registration r WHERE r.casefile_id = c.id
  AND (r.finished_us IS NULL OR r.journal_seq IS NULL OR NOT EXISTS (SELECT 1 FROM record_document d JOIN record_object o ON o.document_id = d.id WHERE d.registration_id = r.id))))
ORDER BY c.year, c.seq LIMIT :limit

-- name: deposit_series :many
-- The series that have such case files.
-- in: fonds_id int, from_us int, to_us int, all bool
-- out: id int, title text, created_us int
SELECT s.id, s.title, s.created_us FROM record_series s WHERE s.fonds_id = :fonds_id
AND EXISTS (SELECT 1 FROM record_casefile c WHERE c.series_id = s.id AND @deposit_holds(c)@) ORDER BY s.created_us, s.id

-- name: deposit_casefiles :many
-- The case files of a series in the order of the structure: numbers alone, so that a large archive fits in memory.
-- in: series_id int, from_us int, to_us int, all bool
-- out: id int, class_id int
SELECT c.id, c.class_id FROM record_casefile c JOIN record_class k ON k.id = c.class_id
WHERE c.series_id = :series_id AND @deposit_holds(c)@ ORDER BY k.key, k.id, c.year, c.seq

-- name: deposit_class :one
-- A class.
-- in: id int
-- out: key text, title text, created_us int
SELECT key, title, created_us FROM record_class WHERE id = :id

-- name: deposit_casefile :one
-- A case file with who had it; names are empty where nobody did.
-- in: id int
-- out: year int, seq int, title text, public_title text, unit text, retention text, dispose_us int?, access_code text, access_basis text, created_us int, closed_us int, caseworker text, closed_by text, party_id int?, party text
SELECT c.year, c.seq, c.title, c.public_title, u.name, c.retention, c.dispose_us, c.access_code, c.access_basis, c.created_us, c.closed_us,
  coalesce(w.name, ''),
  coalesce((SELECT e.name FROM casefile_event v JOIN employee e ON e.id = v.employee_id WHERE v.casefile_id = f.id AND v.kind = 'closed' ORDER BY v.n DESC LIMIT 1), ''),
  f.party_id, coalesce(p.name, '')
FROM record_casefile c JOIN unit u ON u.id = c.unit_id LEFT JOIN casefile f ON f.record_id = c.id
LEFT JOIN employee w ON w.id = f.caseworker_id LEFT JOIN party p ON p.id = f.party_id WHERE c.id = :id

-- name: deposit_registrations :many
-- The registrations of a case file.
-- in: casefile_id int
-- out: id int, number int, kind int, journal_year int, journal_seq int, title text, public_title text, document_us int, received_us int?, sent_us int?, unit text, author text, employee text, access_code text, access_basis text, replaces_id int?, reason text?, created_us int, finished_us int, documents int
SELECT r.id, r.number, r.kind, r.journal_year, r.journal_seq, r.title, r.public_title, r.document_us, r.received_us, r.sent_us, u.name,
  coalesce(e.name, p.name, ''), coalesce(e.name, ''), r.access_code, r.access_basis, r.replaces_id, r.reason, r.created_us, r.finished_us,
  (SELECT count(*) FROM record_document d WHERE d.registration_id = r.id)
FROM record_registration r JOIN unit u ON u.id = r.unit_id LEFT JOIN employee e ON e.id = r.author_employee_id LEFT JOIN party p ON p.id = r.author_party_id
WHERE r.casefile_id = :casefile_id ORDER BY r.number

-- name: deposit_correspondents :many
-- The correspondents of a case file.
-- in: casefile_id int
-- out: registration_id int, role int, ours bool, name text
SELECT x.registration_id, x.role, CASE WHEN x.unit_id IS NULL THEN 0 ELSE 1 END, coalesce(p.name, u.name, x.name, '')
FROM record_registration r JOIN record_party x ON x.registration_id = r.id LEFT JOIN party p ON p.id = x.party_id LEFT JOIN unit u ON u.id = x.unit_id
WHERE r.casefile_id = :casefile_id ORDER BY r.number, x.number

-- name: deposit_objects :many
-- The documents of a case file with all their forms.
-- in: casefile_id int
-- out: registration_id int, document_id int, number int, title text, kind text, created_us int, id int, version int, variant int, mime text, file_name text, hash hash, bytes int, object_created_us int, format text
SELECT d.registration_id, d.id, d.number, d.title, d.kind, d.created_us, o.id, o.number, o.variant, o.mime, o.file_name, o.hash, o.bytes, o.created_us, o.format
FROM record_registration r JOIN record_document d ON d.registration_id = r.id JOIN record_object o ON o.document_id = d.id
WHERE r.casefile_id = :casefile_id ORDER BY r.number, d.number, o.number

-- name: deposit_journal :many
-- The journal, a page of it.
-- in: from_us int, to_us int, all bool, after_year int, after_seq int, limit int
-- out: id int, casefile_id int, number int, kind int, journal_year int, journal_seq int, title text, public_title text, document_us int, access_code text, access_basis text, created_us int, unit text, author text, year int, seq int, casefile_title text, casefile_public_title text, casefile_access_code text, casefile_access_basis text, casefile_unit text, caseworker text, class_key text, class_title text
SELECT r.id, c.id, r.number, r.kind, r.journal_year, r.journal_seq, r.title, r.public_title, r.document_us, r.access_code, r.access_basis, r.created_us, u.name, coalesce(e.name, ''),
  c.year, c.seq, c.title, c.public_title, c.access_code, c.access_basis, cu.name, coalesce(w.name, ''), k.key, k.title
FROM record_registration r JOIN record_casefile c ON c.id = r.casefile_id JOIN record_class k ON k.id = c.class_id JOIN unit u ON u.id = r.unit_id JOIN unit cu ON cu.id = c.unit_id
LEFT JOIN casefile f ON f.record_id = c.id LEFT JOIN employee w ON w.id = f.caseworker_id LEFT JOIN employee e ON e.id = r.author_employee_id
WHERE (r.journal_year, r.journal_seq) > (:after_year, :after_seq) AND r.kind <> 4 AND @deposit_holds(c)@
ORDER BY r.journal_year, r.journal_seq LIMIT :limit

-- name: deposit_correspondents_of :many
-- The correspondents of one registration.
-- in: registration_id int
-- out: role int, ours bool, name text, protected bool
SELECT x.role, CASE WHEN x.unit_id IS NULL THEN 0 ELSE 1 END, coalesce(p.name, u.name, x.name, ''), coalesce(p.protected, 0)
FROM record_party x LEFT JOIN party p ON p.id = x.party_id LEFT JOIN unit u ON u.id = x.unit_id
WHERE x.registration_id = :registration_id ORDER BY x.number

-- name: deposit_closings :many
-- When each case file was closed and by whom: the change every one of them has been through.
-- in: from_us int, to_us int, all bool, after_year int, after_seq int, limit int
-- out: id int, year int, seq int, closed_us int, closed_by text
SELECT c.id, c.year, c.seq, c.closed_us,
  coalesce((SELECT e.name FROM casefile f JOIN casefile_event v ON v.casefile_id = f.id JOIN employee e ON e.id = v.employee_id WHERE f.record_id = c.id AND v.kind = 'closed' ORDER BY v.n DESC LIMIT 1), '')
FROM record_casefile c WHERE (c.year, c.seq) > (:after_year, :after_seq) AND @deposit_holds(c)@
ORDER BY c.year, c.seq LIMIT :limit

-- ---- packages that were read back ----

-- name: deposit_package_by_hash :opt
-- The package with that description, whole or not.
-- in: description_hash hash
-- out: id int, complete_us int?
SELECT id, complete_us FROM deposit_package WHERE description_hash = :description_hash

-- name: deposit_package_insert :exec
-- A package that begins to be read.
-- in: id int, description_hash hash, title text, owner text, system text, from_day int, to_day int, now_us int
INSERT INTO deposit_package (id, description_hash, title, owner, system, from_day, to_day, imported_us, casefiles, registrations, documents, objects, files, bytes)
VALUES (:id, :description_hash, :title, :owner, :system, :from_day, :to_day, :now_us, 0, 0, 0, 0, 0, 0)

-- name: deposit_package_complete :count
-- All of it is here.
-- in: id int, now_us int, casefiles int, registrations int, documents int, objects int, files int, bytes int
UPDATE deposit_package SET complete_us = :now_us, casefiles = :casefiles, registrations = :registrations, documents = :documents, objects = :objects, files = :files, bytes = :bytes
WHERE id = :id AND complete_us IS NULL

-- name: deposit_package_counted :one
-- How much of it is in the tables.
-- in: id int
-- out: casefiles int, registrations int, objects int, files int, bytes int, dangling int
SELECT (SELECT count(*) FROM deposit_casefile WHERE package_id = :id), (SELECT count(*) FROM deposit_registration WHERE package_id = :id),
  (SELECT count(*) FROM deposit_object WHERE package_id = :id), (SELECT count(*) FROM deposit_file WHERE package_id = :id),
  (SELECT CAST(coalesce(sum(bytes), 0) AS bigint) FROM deposit_file WHERE package_id = :id),
  (SELECT count(*) FROM deposit_object o WHERE o.package_id = :id AND NOT EXISTS (SELECT 1 FROM deposit_file f WHERE f.package_id = o.package_id AND f.path = o.path))

-- name: deposit_package_list :many
-- The packages that are whole, newest first.
-- out: id int, imported_us int, title text, owner text, system text, from_day int, to_day int, casefiles int, registrations int, documents int, objects int, files int, bytes int
SELECT id, imported_us, title, owner, system, from_day, to_day, casefiles, registrations, documents, objects, files, bytes
FROM deposit_package WHERE complete_us IS NOT NULL ORDER BY imported_us DESC, id

-- name: deposit_file_insert :exec
-- A file of a package.
-- in: id int, package_id int, path text, hash hash, bytes int
INSERT INTO deposit_file (id, package_id, path, hash, bytes) VALUES (:id, :package_id, :path, :hash, :bytes)

-- name: deposit_file_page :many
-- Files of a package by name.
-- in: package_id int, after text, limit int
-- out: id int, path text, hash hash, bytes int
SELECT id, path, hash, bytes FROM deposit_file WHERE package_id = :package_id AND path > :after ORDER BY path LIMIT :limit

-- name: deposit_casefile_insert :exec
-- A case file of a package.
-- in: id int, package_id int, system_id text, class_key text, no text, title text, public_title text, unit text, created text, closed text, screened bool
INSERT INTO deposit_casefile (id, package_id, system_id, class_key, no, title, public_title, unit, created, closed, screened)
VALUES (:id, :package_id, :system_id, :class_key, :no, :title, :public_title, :unit, :created, :closed, :screened)

-- name: deposit_registration_insert :exec
-- A registration of a package.
-- in: id int, package_id int, casefile_id int?, system_id text, no text, kind text, title text, public_title text, who text, day text, screened bool
INSERT INTO deposit_registration (id, package_id, casefile_id, system_id, no, kind, title, public_title, who, day, screened)
VALUES (:id, :package_id, :casefile_id, :system_id, :no, :kind, :title, :public_title, :who, :day, :screened)

-- name: deposit_object_insert :exec
-- A document file of a package.
-- in: id int, package_id int, registration_id int, system_id text, document_number text, title text, variant text, format text, path text
INSERT INTO deposit_object (id, package_id, registration_id, system_id, document_number, title, variant, format, path)
VALUES (:id, :package_id, :registration_id, :system_id, :document_number, :title, :variant, :format, :path)

-- name: deposit_remove_objects :count
-- Some rows of a package that was cut off.
-- in: package_id int, limit int
DELETE FROM deposit_object WHERE id IN (SELECT id FROM deposit_object WHERE package_id = :package_id LIMIT :limit)

-- name: deposit_remove_registrations :count
-- As above.
-- in: package_id int, limit int
DELETE FROM deposit_registration WHERE id IN (SELECT id FROM deposit_registration WHERE package_id = :package_id LIMIT :limit)

-- name: deposit_remove_casefiles :count
-- As above.
-- in: package_id int, limit int
DELETE FROM deposit_casefile WHERE id IN (SELECT id FROM deposit_casefile WHERE package_id = :package_id LIMIT :limit)

-- name: deposit_remove_file :exec
-- As above, one file.
-- in: id int
DELETE FROM deposit_file WHERE id = :id

-- name: deposit_remove_package :exec
-- As above, the package itself.
-- in: id int
DELETE FROM deposit_package WHERE id = :id AND complete_us IS NULL
