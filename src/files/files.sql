-- name: file_add :count
-- Note a file, unless it is there already.
-- in: hash hash, size int, now_us int, bytes blob?
INSERT INTO file (hash, size, wanted_us, bytes) VALUES (:hash, :size, :now_us, :bytes) ON CONFLICT (hash) DO NOTHING

-- name: file_want_again :exec
-- Note that a file which is there was wanted now, when that has not been noted for a while.
-- in: hash hash, now_us int, before_us int
UPDATE file SET wanted_us = :now_us WHERE hash = :hash AND wanted_us < :before_us

-- name: file_want :count
-- Note that a file which is there was wanted now.
-- in: hash hash, now_us int
UPDATE file SET wanted_us = :now_us WHERE hash = :hash

-- name: file_use_add :exec
-- Somebody uses a file.
-- in: user_kind text, user_id int, hash hash
INSERT INTO file_use (user_kind, user_id, hash) VALUES (:user_kind, :user_id, :hash) ON CONFLICT DO NOTHING

-- name: file_use_drop :exec
-- Somebody uses none of its files any more.
-- in: user_kind text, user_id int
DELETE FROM file_use WHERE user_kind = :user_kind AND user_id = :user_id

-- name: file_get :one
-- A file; without bytes when it lies on disk.
-- in: hash hash
-- out: size int, bytes blob?
SELECT size, bytes FROM file WHERE hash = :hash

-- name: file_known :one
-- Whether there is such a file.
-- in: hash hash
-- out: known bool
SELECT EXISTS (SELECT 1 FROM file WHERE hash = :hash)

-- name: file_page :many
-- The next files by hash.
-- in: after blob, few int
-- out: hash hash, size int
SELECT hash, size FROM file WHERE hash > :after ORDER BY hash LIMIT :few

-- name: file_unused :many
-- Some files nobody uses and nobody has wanted since.
-- in: before_us int, few int
-- out: hash hash
SELECT f.hash FROM file f
WHERE f.wanted_us < :before_us AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.hash = f.hash) LIMIT :few

-- name: file_erase :count
-- Forget a file, if still nobody uses it.
-- in: hash hash, before_us int
DELETE FROM file WHERE hash = :hash AND wanted_us < :before_us
AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.hash = :hash)
