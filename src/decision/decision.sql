-- name: decision_row :opt
-- One decision.
-- in: id int
-- out: id int, casefile_id int, version int, state int, employee_id int?, employee_name text?, rule_version_id int?, outcome int, adverse bool, final_us int?, receipt text
SELECT d.id, d.casefile_id, d.version, d.state, d.employee_id, e.name, d.rule_version_id, d.outcome, d.adverse, d.final_us, d.receipt
FROM decision d LEFT JOIN employee e ON e.id = d.employee_id WHERE d.id = :id

-- name: decision_draft_of :opt
-- The draft of a case file.
-- in: casefile_id int
-- out: id int
SELECT id FROM decision WHERE casefile_id = :casefile_id AND state = 1

-- name: decision_final_of :opt
-- The newest final decision of a case file.
-- in: casefile_id int
-- out: id int
SELECT id FROM decision WHERE casefile_id = :casefile_id AND state = 2 ORDER BY final_us DESC LIMIT 1

-- name: decision_final_list :many
-- The final decisions of a case file, oldest first.
-- in: casefile_id int
-- out: id int
SELECT id FROM decision WHERE casefile_id = :casefile_id AND state = 2 ORDER BY final_us, id

-- name: decision_insert :exec
-- A draft.
-- in: id int, casefile_id int, employee_id int?, rule_version_id int?, now_us int
INSERT INTO decision (id, casefile_id, version, state, employee_id, rule_version_id, outcome, adverse, created_us, receipt)
VALUES (:id, :casefile_id, 1, 1, :employee_id, :rule_version_id, 0, 0, :now_us, '')

-- name: decision_line_insert :exec
-- A line of a draft.
-- in: decision_id int, number int, key text, label text
INSERT INTO decision_line (decision_id, number, key, label, outcome, granted, legal_basis, reason)
VALUES (:decision_id, :number, :key, :label, 0, '', '', '')

-- name: decision_line_update :count
-- What was decided of a line.
-- in: decision_id int, number int, key text, outcome int, granted text, legal_basis text, reason text
UPDATE decision_line SET outcome = :outcome, granted = :granted, legal_basis = :legal_basis, reason = :reason
WHERE decision_id = :decision_id AND number = :number AND key = :key

-- name: decision_line_list :many
-- The lines of a decision.
-- in: decision_id int
-- out: key text, label text, outcome int, granted text, legal_basis text, reason text
SELECT key, label, outcome, granted, legal_basis, reason FROM decision_line WHERE decision_id = :decision_id ORDER BY number

-- name: decision_change :count
-- Raise the version of a draft, if nobody else did.
-- in: id int, version int, employee_id int?
UPDATE decision SET version = version + 1, employee_id = :employee_id WHERE id = :id AND version = :version AND state = 1

-- name: decision_discard :count
-- Throw a draft away.
-- in: id int, version int
UPDATE decision SET version = version + 1, state = 3 WHERE id = :id AND version = :version AND state = 1

-- name: decision_finalise :count
-- Make it final. The triggers of law 3 stand behind this.
-- in: id int, version int, outcome int, adverse bool, now_us int, receipt text
UPDATE decision SET version = version + 1, state = 2, outcome = :outcome, adverse = :adverse, final_us = :now_us, receipt = :receipt
WHERE id = :id AND version = :version AND state = 1

-- name: decision_ruling_insert :exec
-- What the rules said of an application.
-- in: casefile_id int, service_version_id int, file text, model text, at_us int, why int, about text, receipt text
INSERT INTO decision_ruling (casefile_id, service_version_id, file, model, at_us, why, about, receipt)
VALUES (:casefile_id, :service_version_id, :file, :model, :at_us, :why, :about, :receipt)

-- name: decision_fact_insert :exec
-- What they looked at.
-- in: casefile_id int, number int, input text, value text, origin int, source text, at_us int, law text
INSERT INTO decision_fact (casefile_id, number, input, value, origin, source, at_us, law)
VALUES (:casefile_id, :number, :input, :value, :origin, :source, :at_us, :law)

-- name: decision_ruling_get :opt
-- What the rules said of a case file.
-- in: casefile_id int
-- out: service_version_id int, file text, model text, at_us int, why int, about text, receipt text
SELECT service_version_id, file, model, at_us, why, about, receipt FROM decision_ruling WHERE casefile_id = :casefile_id

-- name: decision_fact_list :many
-- What they looked at.
-- in: casefile_id int
-- out: input text, value text, origin int, source text, at_us int, law text
SELECT input, value, origin, source, at_us, law FROM decision_fact WHERE casefile_id = :casefile_id ORDER BY number

-- name: decision_ruling_after :many
-- The case files that rules spoke of, in the order of their ids.
-- in: after int, limit int
-- out: casefile_id int, no text
SELECT r.casefile_id, c.no FROM decision_ruling r JOIN casefile c ON c.id = r.casefile_id WHERE r.casefile_id > :after ORDER BY r.casefile_id LIMIT :limit

-- name: decision_ruling_by_no :opt
-- The case file of that number, if rules spoke of it.
-- in: no text
-- out: casefile_id int
SELECT r.casefile_id FROM decision_ruling r JOIN casefile c ON c.id = r.casefile_id WHERE c.no = :no

-- name: decision_applications :many
-- The applications for a service since then: what the rules said, else what a person decided last.
-- in: service_key text, since_us int, after int, limit int
-- out: casefile_id int, no text, received_us int, why int?, outcome int?
SELECT c.id, c.no, c.received_us, r.why,
  (SELECT d.outcome FROM decision d WHERE d.casefile_id = c.id AND d.state = 2 ORDER BY d.final_us DESC LIMIT 1)
FROM casefile c LEFT JOIN decision_ruling r ON r.casefile_id = c.id
WHERE c.service_key = :service_key AND c.received_us >= :since_us AND c.id > :after AND c.party_id IS NOT NULL
ORDER BY c.id LIMIT :limit

-- name: decision_erase_lines :exec
-- Law 10: the lines of the decisions of a case file that has been disposed of.
-- in: casefile_id int
DELETE FROM decision_line WHERE decision_id IN (SELECT d.id FROM decision d WHERE d.casefile_id = :casefile_id)

-- name: decision_erase_rows :exec
-- And the decisions.
-- in: casefile_id int
DELETE FROM decision WHERE casefile_id = :casefile_id

-- name: decision_erase_facts :exec
-- What the rules looked at.
-- in: casefile_id int
DELETE FROM decision_fact WHERE casefile_id = :casefile_id

-- name: decision_erase_ruling :exec
-- And what they said.
-- in: casefile_id int
DELETE FROM decision_ruling WHERE casefile_id = :casefile_id
