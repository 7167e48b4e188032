-- What a program with the database open could try with a draft.

-- name: form_tamper_version :exec
-- Overwrite without looking at the version (law 2).
-- in: id int, answers blob
UPDATE form_draft SET answers = :answers WHERE id = :id

-- name: form_tamper_unsend :exec
-- Make a sent draft a draft again (law 1).
-- in: id int
UPDATE form_draft SET sent_us = NULL, version = version + 1 WHERE id = :id

-- name: form_tamper_counts :one
-- How many rows there are.
-- out: drafts int, uploads int
SELECT (SELECT count(*) FROM form_draft), (SELECT count(*) FROM form_upload)
