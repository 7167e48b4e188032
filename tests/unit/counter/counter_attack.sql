-- What a fault or a fraud could try below the domain at the counter. The store must refuse.

-- name: counter_attack_stay :exec
-- Open a citizen for an employee, past the look-up.
-- in: session_id int, employee_id int, unit_id int, party_id int, now_us int
INSERT INTO counter_stay (session_id, employee_id, unit_id, party_id, name, channel, purpose, begun_us, ends_us)
VALUES (:session_id, :employee_id, :unit_id, :party_id, 'X', 2, 'for no good reason', :now_us, :now_us + 1000000)

-- name: counter_attack_stay_party :exec
-- Turn an open citizen into another.
-- in: session_id int, party_id int
UPDATE counter_stay SET party_id = :party_id WHERE session_id = :session_id

-- name: counter_attack_stay_ends :exec
-- Let the stay be over.
-- in: session_id int, ends_us int
UPDATE counter_stay SET ends_us = :ends_us WHERE session_id = :session_id

-- name: counter_attack_draft_typed :exec
-- Write in somebody's draft as an employee.
-- in: id int, employee_id int, now_us int
UPDATE form_draft SET version = version + 1, typed_by = :employee_id, channel = 2, changed_us = :now_us WHERE id = :id

-- name: counter_attack_draft_add :exec
-- Begin a draft for somebody who is not open.
-- in: id int, party_id int, employee_id int, now_us int
INSERT INTO form_draft (id, version_id, service_key, party_id, version, lang, page, answers, begun_us, changed_us, expires_us, begun_by, typed_by, channel)
SELECT :id, version_id, service_key, :party_id, 1, lang, page, answers, :now_us, :now_us, :now_us, :employee_id, :employee_id, 2 FROM form_draft LIMIT 1

-- name: counter_attack_channel :exec
-- Pretend that the citizen had used a computer.
-- in: id int
UPDATE casefile SET channel = 1, helper_id = NULL WHERE id = :id

-- name: counter_attack_draft :one
-- Who typed a draft.
-- in: id int
-- out: begun_by int?, typed_by int?, channel int
SELECT begun_by, typed_by, channel FROM form_draft WHERE id = :id
