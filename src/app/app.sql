-- name: app_setting_get :opt
-- A setting of this database.
-- in: name text
-- out: value text
SELECT value FROM app_setting WHERE name = :name

-- name: app_setting_add :exec
-- Set it once: the first process that says it decides.
-- in: name text, value text
INSERT INTO app_setting (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING
