-- What a fault or a fraud could try below the domain. The store must refuse.

-- name: attack_decision_final :exec
-- Make a decision final without asking anyone.
-- in: id int, adverse bool, now_us int
UPDATE decision SET state = 2, adverse = :adverse, outcome = 3, final_us = :now_us WHERE id = :id

-- name: attack_decision_by_rule :exec
-- Let rules be the author.
-- in: id int
UPDATE decision SET employee_id = NULL, rule_version_id = 7 WHERE id = :id

-- name: attack_decision_insert :exec
-- A decision that is final from the beginning.
-- in: id int, casefile_id int, employee_id int, now_us int
INSERT INTO decision (id, casefile_id, version, state, employee_id, outcome, adverse, created_us, final_us, receipt)
VALUES (:id, :casefile_id, 1, 2, :employee_id, 1, 0, :now_us, :now_us, '')

-- name: attack_line_drop :exec
-- Forget a line that was refused.
-- in: decision_id int, number int
DELETE FROM decision_line WHERE decision_id = :decision_id AND number = :number

-- name: attack_line_change :exec
-- Change a line of a final decision.
-- in: decision_id int
UPDATE decision_line SET outcome = 1 WHERE decision_id = :decision_id

-- name: attack_applied_drop :exec
-- Pretend that less was applied for.
-- in: casefile_id int
DELETE FROM casefile_line WHERE casefile_id = :casefile_id

-- name: attack_contact_forge :exec
-- Turn a call without an answer into one with.
-- in: casefile_id int
UPDATE casefile_contact SET reached = 1 WHERE casefile_id = :casefile_id

-- name: attack_contact_exempt :exec
-- An exemption without a legal basis.
-- in: id int, casefile_id int, employee_id int, registration_id int, now_us int
INSERT INTO casefile_contact (id, casefile_id, kind, at_us, employee_id, registration_id, reached, legal_basis)
VALUES (:id, :casefile_id, 3, :now_us, :employee_id, :registration_id, 0, '')

-- name: attack_close :exec
-- Close a case file.
-- in: id int
UPDATE casefile SET state = 6, version = version + 1 WHERE id = :id

-- name: attack_silent_change :exec
-- Change a case file without raising its version.
-- in: id int
UPDATE casefile SET caseworker_id = NULL WHERE id = :id

-- name: attack_hold_drop :exec
-- Take a hold away.
-- in: casefile_id int
DELETE FROM casefile_hold WHERE casefile_id = :casefile_id

-- name: attack_event_change :exec
-- Rewrite the timeline.
-- in: casefile_id int
UPDATE casefile_event SET detail = 'x' WHERE casefile_id = :casefile_id

-- name: attack_event_of :exec
-- A line by somebody.
-- in: casefile_id int, party_id int, kind text, now_us int
INSERT INTO casefile_event (casefile_id, n, at_us, kind, party_id, party_visible, params, detail)
VALUES (:casefile_id, 900, :now_us, :kind, :party_id, 1, '{}', '')

-- name: attack_event_drop :exec
-- Shorten the timeline.
-- in: casefile_id int
DELETE FROM casefile_event WHERE casefile_id = :casefile_id

-- name: attack_registration_change :exec
-- Change a registration.
-- in: id int
UPDATE record_registration SET title = 'x' WHERE id = :id

-- name: attack_registration_drop :exec
-- Delete a registration.
-- in: id int
DELETE FROM record_registration WHERE id = :id

-- name: attack_registration_renumber :exec
-- Give another journal number.
-- in: id int
UPDATE record_registration SET journal_seq = 4711 WHERE id = :id

-- name: attack_document_change :exec
-- Change a document.
-- in: registration_id int
UPDATE record_document SET title = 'x' WHERE registration_id = :registration_id

-- name: attack_object_change :exec
-- Put another file behind a document.
-- in: registration_id int, hash hash
UPDATE record_object SET hash = :hash WHERE document_id IN (SELECT id FROM record_document WHERE registration_id = :registration_id)

-- name: attack_object_drop :exec
-- Delete the files of a document.
-- in: registration_id int
DELETE FROM record_object WHERE document_id IN (SELECT id FROM record_document WHERE registration_id = :registration_id)

-- name: attack_party_drop :exec
-- Forget who sent it.
-- in: registration_id int
DELETE FROM record_party WHERE registration_id = :registration_id

-- name: attack_second_casefile :exec
-- Submit a draft a second time.
-- in: id int, from_id int
INSERT INTO casefile (id, version, draft_id, record_id, application_id, service_version_id, service_key, title, party_id, unit_id, state, lang, received_us, events, unread, waiting)
SELECT :id, 1, draft_id, :id, application_id, service_version_id, service_key, title, party_id, unit_id, state, lang, received_us, 0, 0, 0 FROM casefile WHERE id = :from_id

-- name: attack_count :one
-- How many of everything a submission makes.
-- out: casefiles int, records int, registrations int, tasks int, jobs int, mails int
SELECT (SELECT count(*) FROM casefile), (SELECT count(*) FROM record_casefile), (SELECT count(*) FROM record_registration),
  (SELECT count(*) FROM casefile_task), (SELECT count(*) FROM job WHERE kind = 'casefile_pdf'), (SELECT count(*) FROM job WHERE kind = 'mail')

-- name: attack_stored_idno :many
-- Everything a party row stores, as text.
-- out: name text, idno blob?
SELECT name, idno FROM party

-- name: attack_casefile_no :one
-- The number of a case file record.
-- in: id int
-- out: year int, seq int
SELECT year, seq FROM record_casefile WHERE id = :id

-- name: attack_archives :one
-- How many archives there are.
-- out: fonds int, series int, classes int
SELECT (SELECT count(*) FROM record_fonds), (SELECT count(*) FROM record_series), (SELECT count(*) FROM record_class)

-- name: attack_noark_delete :exec
-- Take an entity of the API away.
-- in: id int
DELETE FROM noark_item WHERE id = :id

-- name: attack_sign_forge :exec
-- Let somebody have signed.
-- in: casefile_id int, party_id int, now_us int
UPDATE casefile_signature SET state = 1, party_id = :party_id, answered_us = :now_us WHERE casefile_id = :casefile_id

-- name: attack_sign_other :exec
-- Let what was signed be something else.
-- in: casefile_id int, hash hash
UPDATE casefile_signature SET hash = :hash WHERE casefile_id = :casefile_id

-- name: attack_sign_settle :exec
-- Settle it without anybody, or any law.
-- in: casefile_id int, employee_id int?, legal_basis text
UPDATE casefile_signature SET state = 4, employee_id = :employee_id, legal_basis = :legal_basis WHERE casefile_id = :casefile_id

-- name: attack_sign_undo :exec
-- A signature that was given is taken away.
-- in: casefile_id int
UPDATE casefile_signature SET state = 0, party_id = NULL, answered_us = NULL WHERE casefile_id = :casefile_id

-- name: attack_sign_drop :exec
-- The question goes.
-- in: casefile_id int
DELETE FROM casefile_signature WHERE casefile_id = :casefile_id

-- name: attack_signer_drop :exec
-- Who was asked goes.
-- in: casefile_id int
DELETE FROM casefile_signer WHERE casefile_id = :casefile_id

-- name: attack_signer_add :exec
-- Who applied signs for the other.
-- in: casefile_id int, party_id int
INSERT INTO casefile_signer (signature_id, party_id, casefile_id) SELECT g.id, :party_id, g.casefile_id FROM casefile_signature g WHERE g.casefile_id = :casefile_id

-- name: attack_decide :exec
-- The case is decided.
-- in: id int
UPDATE casefile SET state = 3, version = version + 1 WHERE id = :id

-- name: attack_correct :exec
-- The application gets a newer version: what was signed is no longer what holds.
-- in: id int, casefile_id int, now_us int
INSERT INTO record_registration (id, casefile_id, number, kind, title, public_title, document_us, unit_id, party_visible, access_code, access_basis, version, replaces_id, created_us)
SELECT :id, r.casefile_id, 900, r.kind, r.title, r.public_title, r.document_us, r.unit_id, r.party_visible, r.access_code, r.access_basis, 2, r.id, :now_us
FROM casefile c JOIN record_registration r ON r.id = c.application_id WHERE c.id = :casefile_id

-- name: attack_signer :exec
-- As if this person had been asked too.
-- in: casefile_id int, party_id int
INSERT INTO casefile_signer (signature_id, party_id, casefile_id)
SELECT g.id, :party_id, g.casefile_id FROM casefile_signature g WHERE g.casefile_id = :casefile_id
