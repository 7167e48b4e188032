-- What a fault or a fraud could try with letters below the domain. The store must refuse.

-- name: letter_attack_state :exec
-- Move a letter to a state, as if it had been sent.
-- in: id int, state int
UPDATE letter SET state = :state, queued_us = 1, sent_title = 'x', arrived_us = CASE WHEN :state = 2 THEN 1 END, channel = 1,
  pdf_hash = 'x', registration_id = (SELECT max(r.id) FROM record_registration r) WHERE id = :id

-- name: letter_attack_mild :exec
-- Say that the decision is not adverse.
-- in: id int
UPDATE letter SET adverse = 0, state = 1, queued_us = 1, sent_title = 'x' WHERE id = :id

-- name: letter_attack_text :exec
-- Change a letter that has left.
-- in: id int
UPDATE letter SET sent_markdown = 'Noget andet.' WHERE id = :id

-- name: letter_attack_deadline :exec
-- Let the clock run before the letter has arrived.
-- in: id int
UPDATE letter SET appeal_deadline = 20000 WHERE id = :id

-- name: letter_attack_drop :exec
-- Take it away.
-- in: id int
DELETE FROM letter WHERE id = :id

-- name: letter_attack_attachment :exec
-- Slip something into a letter that has left.
-- in: id int, letter_id int, file hash
INSERT INTO letter_attachment (id, letter_id, number, name, mime, file, bytes) VALUES (:id, :letter_id, 9, 'x', 'x', :file, 1)

-- name: letter_attack_job :exec
-- Lose the job that would deliver it.
-- in: like text
DELETE FROM job WHERE kind = 'letter' AND key LIKE :like

-- name: letter_attack_batch_item :exec
-- Print a letter in a second place.
-- in: id int
INSERT INTO letter_batch_item (batch_id, number, letter_id) SELECT max(id), 99, :id FROM letter_batch

-- name: letter_attack_posted :exec
-- Let it be posted, on no day.
-- in: id int, now_us int
UPDATE letter SET state = 4, version = version + 1, arrived_us = :now_us WHERE id = :id

-- name: letter_attack_posted_day :exec
-- Say that it was posted earlier.
-- in: id int
UPDATE letter SET posted_day = posted_day - 7 WHERE id = :id

-- name: letter_attack_protect :exec
-- The address of a person has become protected.
-- in: name text
UPDATE party SET protected = 1 WHERE name = :name

-- name: letter_attack_roles :exec
-- Other roles for an employee.
-- in: key text, roles int, active bool
UPDATE employee SET roles = :roles, active = :active WHERE key = :key
