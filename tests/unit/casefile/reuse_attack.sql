-- Using an earlier answer again below the domain.

-- name: reuse_permit :exec
-- A permit, whatever it says.
-- in: draft_id int, casefile_id int, from_purpose text, law text, now_us int
INSERT INTO casefile_reuse (draft_id, field, casefile_id, from_field, from_purpose, purpose, law, at_us)
VALUES (:draft_id, 'contact_by', :casefile_id, 'contact_by', :from_purpose, 'contact', :law, :now_us)

-- name: reuse_move :exec
-- The permit of another case file.
-- in: draft_id int, casefile_id int
UPDATE casefile_reuse SET casefile_id = :casefile_id WHERE draft_id = :draft_id

-- name: reuse_count :one
-- How many there are.
-- out: n int
SELECT count(*) FROM casefile_reuse
