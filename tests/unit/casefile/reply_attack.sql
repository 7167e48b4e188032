-- What a fault could try with a case that nobody's name is on, below the domain. The store must refuse.

-- name: reply_close :exec
-- Close it without an answer.
-- in: id int
UPDATE casefile SET version = version + 1, state = 6 WHERE id = :id

-- name: reply_decided :exec
-- Say that it is decided, without a reply.
-- in: id int, now_us int
UPDATE casefile SET version = version + 1, decided_us = :now_us WHERE id = :id

-- name: reply_arrived :exec
-- Let the clock run before the reply has arrived.
-- in: id int, now_us int
UPDATE casefile SET version = version + 1, arrived_us = :now_us WHERE id = :id

-- name: reply_letter_arrived :exec
-- Let a letter arrive that nobody posted.
-- in: id int, now_us int
UPDATE casefile_reply SET arrived_us = :now_us WHERE casefile_id = :id

-- name: reply_put :exec
-- A reply with the words of the application.
-- in: id int, n int, employee_id int, now_us int, legal_basis text, appeal text
INSERT INTO casefile_reply (casefile_id, n, at_us, employee_id, registration_id, legal_basis, appeal, way, email)
SELECT c.id, :n, :now_us, :employee_id, c.application_id, :legal_basis, :appeal, 1, '' FROM casefile c WHERE c.id = :id

-- name: reply_change :exec
-- Another legal basis afterwards.
-- in: id int
UPDATE casefile_reply SET legal_basis = 'another law' WHERE casefile_id = :id

-- name: reply_drop :exec
-- As if it had never been given.
-- in: id int
DELETE FROM casefile_reply WHERE casefile_id = :id
