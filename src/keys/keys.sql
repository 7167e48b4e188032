-- name: keys_check_list :many
-- By what this database knows its key file.
-- out: kind text, value blob
SELECT kind, value FROM keys_check ORDER BY kind

-- name: keys_check_add :exec
-- Remember a key, not the key itself.
-- in: kind text, value blob
INSERT INTO keys_check (kind, value) VALUES (:kind, :value) ON CONFLICT DO NOTHING
