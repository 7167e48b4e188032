-- name: db_migration_lock :exec
-- One process migrates at a time (SQLite has one writer anyhow).
-- sqlite:
SELECT 1
-- postgres:
SELECT pg_advisory_xact_lock(4711)

-- name: db_migration_table :one
-- Whether the table of migrations is there.
-- out: there bool
-- sqlite:
SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration')
-- postgres:
SELECT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'migration' AND relkind = 'r' AND pg_table_is_visible(oid))

-- name: db_migration_get :opt
-- A migration that has been run.
-- in: module text, number int
-- out: hash text
SELECT hash FROM migration WHERE module = :module AND number = :number

-- name: db_migration_highest :one
-- The number of the last migration of a module that has been run; 0 when none has.
-- in: module text
-- out: number int
SELECT coalesce(max(number), 0) FROM migration WHERE module = :module

-- name: db_migration_add :exec
-- Note that a migration has been run.
-- in: module text, number int, name text, hash text, run_us int
INSERT INTO migration (module, number, name, hash, run_us) VALUES (:module, :number, :name, :hash, :run_us)

-- name: db_settle :exec
-- Change nothing, but so that the commit has something to make durable.
UPDATE migration SET number = number WHERE module = 'db' AND number = 1
