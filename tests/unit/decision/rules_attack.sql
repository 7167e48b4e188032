-- What a fault or a fraud could try with rules, below the domain. The store must refuse.

-- name: rules_attack_draft :exec
-- A draft by rules.
-- in: id int, casefile_id int, version_id int, now_us int
INSERT INTO decision (id, casefile_id, version, state, employee_id, rule_version_id, outcome, adverse, created_us, receipt)
VALUES (:id, :casefile_id, 1, 1, NULL, :version_id, 0, 0, :now_us, '')

-- name: rules_attack_line :exec
-- Its only line.
-- in: id int, outcome int, granted text
INSERT INTO decision_line (decision_id, number, key, label, outcome, granted, legal_basis, reason)
VALUES (:id, 1, 'all', 'x', :outcome, :granted, 'x', 'x')

-- name: rules_attack_final :exec
-- Make it final.
-- in: id int, outcome int, adverse bool, now_us int
UPDATE decision SET state = 2, outcome = :outcome, adverse = :adverse, final_us = :now_us WHERE id = :id

-- name: rules_attack_ruling :exec
-- What the rules are to have said.
-- in: casefile_id int, version_id int, why int, now_us int
INSERT INTO decision_ruling (casefile_id, service_version_id, file, model, at_us, why, about, receipt)
VALUES (:casefile_id, :version_id, 'rules.dmn', '', :now_us, :why, '', '{}')

-- name: rules_attack_fact :exec
-- What they are to have looked at.
-- in: casefile_id int, number int, origin int, law text
INSERT INTO decision_fact (casefile_id, number, input, value, origin, source, at_us, law)
VALUES (:casefile_id, :number, 'x', '1', :origin, 'x', 0, :law)

-- name: rules_attack_say_yes :exec
-- Turn their answer into a yes.
-- in: casefile_id int
UPDATE decision_ruling SET why = 0 WHERE casefile_id = :casefile_id

-- name: rules_attack_forget :exec
-- Forget what they said.
-- in: casefile_id int
DELETE FROM decision_ruling WHERE casefile_id = :casefile_id

-- name: rules_attack_source :exec
-- Pretend that a register said it.
-- in: casefile_id int
UPDATE decision_fact SET origin = 1 WHERE casefile_id = :casefile_id

-- name: rules_attack_fact_drop :exec
-- Forget what they looked at.
-- in: casefile_id int
DELETE FROM decision_fact WHERE casefile_id = :casefile_id

-- name: rules_attack_counts :one
-- What a submission has made.
-- out: casefiles int, decisions int, rulings int, facts int, letters int, registrations int, tasks int
SELECT (SELECT count(*) FROM casefile), (SELECT count(*) FROM decision), (SELECT count(*) FROM decision_ruling), (SELECT count(*) FROM decision_fact),
  (SELECT count(*) FROM letter), (SELECT count(*) FROM record_registration), (SELECT count(*) FROM casefile_task WHERE done_us IS NULL)

-- name: rules_attack_task :one
-- What waits for the unit.
-- in: casefile_id int
-- out: kind text
SELECT kind FROM casefile_task WHERE casefile_id = :casefile_id AND done_us IS NULL
