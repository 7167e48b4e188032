-- name: service_now :opt
-- The current version of a service, offered or withdrawn.
-- in: key text
-- out: version_id int, hash text, withdrawn_us int?
SELECT s.version_id, v.hash, s.withdrawn_us FROM service s JOIN service_version v ON v.id = s.version_id WHERE s.key = :key

-- name: service_all :many
-- The current versions of all that is offered.
-- out: key text, version_id int
SELECT key, version_id FROM service WHERE withdrawn_us IS NULL ORDER BY key

-- name: service_version_add :exec
-- Store a version.
-- in: id int, key text, hash text, published_us int
INSERT INTO service_version (id, key, hash, published_us) VALUES (:id, :key, :hash, :published_us)

-- name: service_file_add :exec
-- Store a file of a version.
-- in: version_id int, path text, content text
INSERT INTO service_file (version_id, path, content) VALUES (:version_id, :path, :content)

-- name: service_set :exec
-- Make a version the current one.
-- in: key text, version_id int
INSERT INTO service (key, version_id, withdrawn_us) VALUES (:key, :version_id, NULL)
ON CONFLICT (key) DO UPDATE SET version_id = excluded.version_id, withdrawn_us = NULL

-- name: service_withdraw :exec
-- No longer offered; drafts and cases keep their version.
-- in: key text, now_us int
UPDATE service SET withdrawn_us = :now_us WHERE key = :key AND withdrawn_us IS NULL

-- name: service_changed :exec
-- Tell the other processes.
UPDATE service_change SET n = n + 1 WHERE id = 1

-- name: service_change_lock :one
-- One publication at a time: holds the row until the transaction ends.
-- out: n int
UPDATE service_change SET n = n WHERE id = 1 RETURNING n

-- name: service_change_get :one
-- How many publications there were.
-- out: n int
SELECT n FROM service_change WHERE id = 1

-- name: service_version_get :opt
-- A version.
-- in: id int
-- out: key text, hash text, published_us int
SELECT key, hash, published_us FROM service_version WHERE id = :id

-- name: service_files :many
-- The files of a version.
-- in: version_id int
-- out: path text, content text
SELECT path, content FROM service_file WHERE version_id = :version_id ORDER BY path
