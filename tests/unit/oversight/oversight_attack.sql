-- What somebody could try who wants to see more than law 7 allows.

-- name: oversight_attack_reach :exec
-- Let an employee in without a word.
-- in: casefile_id int, employee_id int, via int, until_us int
INSERT INTO casefile_reach (casefile_id, kind, ref, via, from_us, until_us, sort_us) VALUES (:casefile_id, 3, :employee_id, :via, 0, :until_us, 0)

-- name: oversight_attack_look :exec
-- State a purpose for somebody else.
-- in: id int, casefile_id int, employee_id int
INSERT INTO casefile_look (id, casefile_id, employee_id, purpose, from_us, until_us) VALUES (:id, :casefile_id, :employee_id, 'ingen særlig grund', 0, 9000000000000000)

-- name: oversight_attack_reword :exec
-- It was for another reason.
-- in: casefile_id int
UPDATE casefile_look SET purpose = 'en helt anden grund' WHERE casefile_id = :casefile_id

-- name: oversight_attack_forget :exec
-- It never was.
-- in: casefile_id int
DELETE FROM casefile_look WHERE casefile_id = :casefile_id

-- name: oversight_views :many
-- What was noted, oldest first.
-- out: kind text, purpose text, roles int, refused bool, casefile_no text, legal_basis text, subjects blob
SELECT kind, purpose, roles, refused, casefile_no, legal_basis, subjects FROM access_view ORDER BY id
