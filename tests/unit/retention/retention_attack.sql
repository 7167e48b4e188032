-- What somebody could try who wants a case file gone, or back. The store must refuse.

-- name: retention_attack_mark :exec
-- Open the gate with a disposal that says what is true, or not.
-- in: no text, disposal_id int
UPDATE record_casefile SET disposal_id = :disposal_id WHERE id = (SELECT record_id FROM casefile WHERE no = :no)

-- name: retention_attack_disposal :exec
-- A disposal of one's own.
-- in: id int, at_us int, retention text
INSERT INTO record_disposal (id, at_us, service_key, title, retention, basis, casefiles, documents, parties) VALUES (:id, :at_us, 'x', 'x', :retention, 'x', 0, 0, 0)

-- name: retention_attack_kept :exec
-- What was written when a session ended, that a sweep has forgotten.
-- in: id int, party_id int, form blob, ends_us int
INSERT INTO page_kept (id, party_id, form, ends_us) VALUES (:id, :party_id, :form, :ends_us)

-- name: retention_attack_untell :exec
-- Nobody shall know that anything was erased.
-- in: id int
DELETE FROM record_disposal WHERE id = :id

-- name: retention_attack_retell :exec
-- It was somebody else, at another time.
-- in: id int
UPDATE record_disposal SET employee_id = 7, at_us = 1 WHERE id = :id

-- name: retention_attack_rule :exec
-- Another rule.
-- in: no text, retention text
UPDATE record_casefile SET retention = :retention WHERE id = (SELECT record_id FROM casefile WHERE no = :no)

-- name: retention_attack_due :exec
-- Due at once.
-- in: no text, dispose_us int
UPDATE record_casefile SET dispose_us = :dispose_us WHERE id = (SELECT record_id FROM casefile WHERE no = :no)

-- name: retention_attack_record :exec
-- Without the gate: the number.
-- in: no text
DELETE FROM record_casefile WHERE id = (SELECT record_id FROM casefile WHERE no = :no)

-- name: retention_attack_casefile :exec
-- The case file.
-- in: no text
DELETE FROM casefile WHERE no = :no

-- name: retention_attack_event :exec
-- Its timeline.
-- in: no text
DELETE FROM casefile_event WHERE casefile_id = (SELECT id FROM casefile WHERE no = :no)

-- name: retention_attack_line :exec
-- What was applied for.
-- in: no text
DELETE FROM casefile_line WHERE casefile_id = (SELECT id FROM casefile WHERE no = :no)

-- name: retention_attack_question :exec
-- A question.
-- in: no text
DELETE FROM casefile_question WHERE casefile_id = (SELECT id FROM casefile WHERE no = :no)

-- name: retention_attack_contact :exec
-- A call.
-- in: no text
DELETE FROM casefile_contact WHERE casefile_id = (SELECT id FROM casefile WHERE no = :no)

-- name: retention_attack_decision_line :exec
-- What was decided.
-- in: no text
DELETE FROM decision_line WHERE decision_id IN (SELECT d.id FROM decision d JOIN casefile c ON c.id = d.casefile_id WHERE c.no = :no)

-- name: retention_attack_letter :exec
-- The letter.
-- in: no text
DELETE FROM letter WHERE casefile_id = (SELECT id FROM casefile WHERE no = :no)

-- name: retention_attack_object :exec
-- The documents.
-- in: no text
DELETE FROM record_object WHERE document_id IN (SELECT d.id FROM record_document d JOIN record_registration r ON r.id = d.registration_id JOIN casefile c ON c.record_id = r.casefile_id WHERE c.no = :no)

-- name: retention_attack_words :exec
-- The titles in the journal.
-- in: no text
UPDATE record_registration SET title = '', public_title = '', author_party_id = NULL, reason = NULL WHERE casefile_id = (SELECT record_id FROM casefile WHERE no = :no)

-- name: retention_attack_hold :exec
-- The hold.
-- in: no text
DELETE FROM record_hold WHERE casefile_id = (SELECT record_id FROM casefile WHERE no = :no)

-- name: retention_attack_return :exec
-- The mark away again, by its record.
-- in: disposal_id int
UPDATE record_casefile SET disposal_id = NULL WHERE disposal_id = :disposal_id

-- name: retention_attack_reopen :exec
-- Open again.
-- in: disposal_id int
UPDATE record_casefile SET closed_us = NULL, dispose_us = NULL WHERE disposal_id = :disposal_id

-- name: retention_attack_rewrite :exec
-- Words into the empty journal.
-- in: disposal_id int
UPDATE record_registration SET title = 'Noget andet' WHERE casefile_id IN (SELECT id FROM record_casefile WHERE disposal_id = :disposal_id)

-- name: retention_see_record :one
-- What is left of an erased case file.
-- in: disposal_id int
-- out: year int, seq int, status text, registrations int, rows int
SELECT c.year, c.seq, c.status, c.registrations, (SELECT count(*) FROM record_registration r WHERE r.casefile_id = c.id) FROM record_casefile c WHERE c.disposal_id = :disposal_id

-- name: retention_see_rule :one
-- The rule of a case.
-- in: no text
-- out: retention text, dispose_us int?
SELECT r.retention, r.dispose_us FROM record_casefile r JOIN casefile c ON c.record_id = r.id WHERE c.no = :no

-- name: retention_see_files :many
-- The files of a case.
-- in: casefile_id int
-- out: hash hash
SELECT o.hash FROM record_object o JOIN record_document d ON d.id = o.document_id JOIN record_registration r ON r.id = d.registration_id JOIN casefile c ON c.record_id = r.casefile_id WHERE c.id = :casefile_id

-- name: retention_see_tables :many
-- Every table there is.
-- out: name text
-- sqlite:
SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' UNION ALL SELECT name FROM log.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration'
-- postgres:
SELECT CAST(table_name AS text) FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'

-- name: retention_see_columns :many
-- The columns of one.
-- in: name text
-- out: name text
-- sqlite:
SELECT name FROM pragma_table_info(:name)
-- postgres:
SELECT CAST(column_name AS text) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = :name

-- name: retention_see_references :many
-- Every table that refers to what is erased.
-- out: name text
-- sqlite:
SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f."table" IN ('casefile', 'party', 'decision', 'decision_ruling', 'letter', 'record_casefile', 'record_registration', 'record_document') ORDER BY 1
-- postgres:
SELECT DISTINCT CAST(t.relname AS text) FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE k.contype = 'f' AND n.nspname = current_schema() AND r.relname IN ('casefile', 'party', 'decision', 'decision_ruling', 'letter', 'record_casefile', 'record_registration', 'record_document') ORDER BY 1

-- name: retention_attack_list :exec
-- More were on the list than there were.
-- in: id int
UPDATE retention_list SET until_us = until_us + 1 WHERE id = :id

-- name: retention_attack_alone :exec
-- Two people are not asked for any more, and never were.
-- in: number int
UPDATE retention_people SET two = 0 WHERE number = :number

-- name: retention_attack_forget_people :exec
-- The same.
-- in: number int
DELETE FROM retention_people WHERE number = :number

-- name: retention_attack_before_people :exec
-- The same, said earlier.
-- in: number int
INSERT INTO retention_people (number, at_us, two) VALUES (:number, 1, 0)

-- name: retention_attack_unlist :exec
-- There was no list.
-- in: id int
DELETE FROM retention_list WHERE id = :id
