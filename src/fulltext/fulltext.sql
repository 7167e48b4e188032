-- name: fulltext_wait_add :exec
-- The words of a document are to be read.
-- in: user_kind text, user_id int, hash hash, now_us int
INSERT INTO fulltext_wait (user_kind, user_id, hash, tries, next_us) VALUES (:user_kind, :user_id, :hash, 0, :now_us) ON CONFLICT DO NOTHING

-- name: fulltext_wait_drop :exec
-- The user is gone.
-- in: user_kind text, user_id int
DELETE FROM fulltext_wait WHERE user_kind = :user_kind AND user_id = :user_id

-- name: fulltext_next :many
-- Some that are due, the new ones before the old.
-- in: now_us int, few int
-- out: user_kind text, user_id int, hash hash, tries int
SELECT user_kind, user_id, hash, tries FROM fulltext_wait WHERE next_us <= :now_us ORDER BY next_us DESC LIMIT :few

-- name: fulltext_claim :count
-- This run reads it: nobody else does before that time.
-- in: user_kind text, user_id int, hash hash, tries int, until_us int
UPDATE fulltext_wait SET tries = tries + 1, next_us = :until_us WHERE user_kind = :user_kind AND user_id = :user_id AND hash = :hash AND tries = :tries

-- name: fulltext_put_off :exec
-- It cannot be read yet, through no fault of its own.
-- in: user_kind text, user_id int, hash hash, until_us int
UPDATE fulltext_wait SET tries = 0, next_us = :until_us WHERE user_kind = :user_kind AND user_id = :user_id AND hash = :hash

-- name: fulltext_done :exec
-- It was read, or cannot be.
-- in: user_kind text, user_id int, hash hash
DELETE FROM fulltext_wait WHERE user_kind = :user_kind AND user_id = :user_id AND hash = :hash

-- name: fulltext_used :opt
-- Whether that user still has that file. Locks it: who takes it away waits, and takes the words away after that.
-- in: user_kind text, user_id int, hash hash
-- out: user_id int
SELECT user_id FROM file_use WHERE user_kind = :user_kind AND user_id = :user_id AND hash = :hash
-- postgres:
FOR KEY SHARE

-- name: fulltext_waiting :one
-- How many wait.
-- out: n int
SELECT count(*) FROM fulltext_wait
