-- Retention and disposal (bevaring og kassasjon).

-- name: record_retention :opt
-- The rule of a case file record, and whether it is fixed.
-- in: id int
-- out: retention text, closed_us int?, disposal_id int?
SELECT retention, closed_us, disposal_id FROM record_casefile WHERE id = :id

-- name: record_retention_set :exec
-- Another rule, while it is open.
-- in: id int, retention text
UPDATE record_casefile SET retention = :retention WHERE id = :id AND retention <> :retention

-- name: record_disposal_add :exec
-- A disposal begins; once.
-- in: id int, at_us int, employee_id int?, service_key text, title text, retention text, basis text
INSERT INTO record_disposal (id, at_us, employee_id, service_key, title, retention, basis, casefiles, documents, parties)
VALUES (:id, :at_us, :employee_id, :service_key, :title, :retention, :basis, 0, 0, 0) ON CONFLICT DO NOTHING

-- name: record_disposal_count :exec
-- It has erased more.
-- in: id int, casefiles int, documents int, parties int
UPDATE record_disposal SET casefiles = casefiles + :casefiles, documents = documents + :documents, parties = parties + :parties WHERE id = :id

-- name: record_disposal_list :many
-- What has been erased, newest first.
-- in: limit int
-- out: id int, at_us int, employee_name text?, service_key text, title text, retention text, basis text, casefiles int, documents int, parties int
SELECT d.id, d.at_us, e.name, d.service_key, d.title, d.retention, d.basis, d.casefiles, d.documents, d.parties
FROM record_disposal d LEFT JOIN employee e ON e.id = d.employee_id WHERE d.casefiles > 0 ORDER BY d.at_us DESC, d.id LIMIT :limit

-- name: record_mark_disposed :count
-- Open the gate for one case file. The triggers of law 10 stand behind this.
-- in: id int, disposal_id int
UPDATE record_casefile SET disposal_id = :disposal_id WHERE id = :id AND disposal_id IS NULL

-- name: record_disposed_objects :many
-- The files of a case file, whose users they are.
-- in: casefile_id int
-- out: id int
SELECT o.id FROM record_object o JOIN record_document d ON d.id = o.document_id JOIN record_registration r ON r.id = d.registration_id
WHERE r.casefile_id = :casefile_id

-- name: record_erase_objects :exec
-- Their descriptions.
-- in: casefile_id int
DELETE FROM record_object WHERE document_id IN (SELECT d.id FROM record_document d JOIN record_registration r ON r.id = d.registration_id WHERE r.casefile_id = :casefile_id)

-- name: record_erase_documents :count
-- The documents.
-- in: casefile_id int
DELETE FROM record_document WHERE registration_id IN (SELECT r.id FROM record_registration r WHERE r.casefile_id = :casefile_id)

-- name: record_erase_parties :exec
-- The correspondents.
-- in: casefile_id int
DELETE FROM record_party WHERE registration_id IN (SELECT r.id FROM record_registration r WHERE r.casefile_id = :casefile_id)

-- name: record_erase_words :exec
-- What the registrations said of persons; their numbers and dates stay, so that the journal has no gap.
-- in: casefile_id int
UPDATE record_registration SET title = '', public_title = '', author_party_id = NULL, reason = NULL WHERE casefile_id = :casefile_id

-- name: record_erase_holds :exec
-- Why it was held back once.
-- in: casefile_id int
DELETE FROM record_hold WHERE casefile_id = :casefile_id

-- name: record_correspondents :many
-- The persons a case file has as correspondents.
-- in: casefile_id int
-- out: party_id int
SELECT DISTINCT p.party_id FROM record_party p JOIN record_registration r ON r.id = p.registration_id
WHERE r.casefile_id = :casefile_id AND p.party_id IS NOT NULL

-- name: record_hold_add :exec
-- Held back.
-- in: id int, casefile_id int, reason text, employee_id int, now_us int
INSERT INTO record_hold (id, casefile_id, reason, employee_id, put_us) VALUES (:id, :casefile_id, :reason, :employee_id, :now_us)

-- name: record_hold_list :many
-- Why one record is or was held back, oldest first.
-- in: casefile_id int
-- out: reason text, put_us int, released_us int?
SELECT reason, put_us, released_us FROM record_hold WHERE casefile_id = :casefile_id ORDER BY put_us, id

-- name: record_hold_release :count
-- Let go.
-- in: id int, employee_id int, now_us int
UPDATE record_hold SET released_us = :now_us, released_by = :employee_id WHERE id = :id AND released_us IS NULL

-- name: record_disposal_faults :one
-- What must be nought: closed records whose time of erasure is not set, or set where they are kept; erased ones of which something
-- is left; erased ones whose disposal does not count them.
-- out: unset int, kept int, left_over int, uncounted int
SELECT (SELECT count(*) FROM record_casefile WHERE closed_us IS NOT NULL AND retention LIKE 'years:%' AND dispose_us IS NULL),
  (SELECT count(*) FROM record_casefile WHERE dispose_us IS NOT NULL AND (closed_us IS NULL OR retention NOT LIKE 'years:%')),
  (SELECT count(*) FROM record_casefile c WHERE c.disposal_id IS NOT NULL AND (EXISTS (SELECT 1 FROM record_hold h WHERE h.casefile_id = c.id)
    OR EXISTS (SELECT 1 FROM record_registration r WHERE r.casefile_id = c.id AND (r.title <> '' OR r.public_title <> '' OR r.author_party_id IS NOT NULL
      OR EXISTS (SELECT 1 FROM record_document d WHERE d.registration_id = r.id) OR EXISTS (SELECT 1 FROM record_party p WHERE p.registration_id = r.id))))),
  (SELECT count(*) FROM record_disposal d WHERE d.casefiles <> (SELECT count(*) FROM record_casefile c WHERE c.disposal_id = d.id))
