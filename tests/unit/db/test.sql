-- name: test_add :exec
-- Add a thing.
-- in: id int, name text, note text?, weight real?, picture blob?, hash hash, seen bool
INSERT INTO test_thing (id, name, note, weight, picture, hash, seen)
VALUES (:id, :name, :note, :weight, :picture, :hash, :seen);

-- name: test_get :one
-- A thing by its id.
-- in: id int
-- out: id int, name text, note text?, weight real?, picture blob?, hash hash, seen bool
SELECT id, name, note, weight, picture, hash, seen FROM test_thing WHERE id = :id

-- name: test_find :opt
-- A thing by its name.
-- in: name text
-- out: id int
SELECT id FROM test_thing WHERE name = :name

-- name: test_list :many
-- Those of these ids that are heavy, by name.
-- in: ids ints, least real
-- out: id int, name text
SELECT t.id, t.name FROM test_thing t WHERE t.id IN :ids AND @test_heavy(t.weight, :least)@ ORDER BY t.name

-- fragment: test_heavy(weight, least)
@weight@ >= @least@ -- a remark: not :in the SQL

-- name: test_rename :count
-- Give all things of one name another name.
-- in: before text, after text
UPDATE test_thing SET name = :after WHERE name = :before

-- name: test_count :one
-- How many things there are, and the sum of their ids.
-- out: n int, sum int
SELECT count(*), CAST(coalesce(sum(id), 0) AS bigint) FROM test_thing

-- name: test_counter_next :one
-- The next number.
-- out: n int
UPDATE test_counter SET n = n + 1 WHERE id = 1 RETURNING n

-- name: test_counter_start :exec
-- Make the counter.
INSERT INTO test_counter (id, n) VALUES (1, 0)

-- name: test_part_add :exec
-- Add a part to a thing.
-- in: id int, thing_id int, parts int
INSERT INTO test_part (id, thing_id, parts) VALUES (:id, :thing_id, :parts)

-- name: test_deadlock :exec
-- A syntactic difference between the engines.
-- in: id int
-- sqlite:
UPDATE test_thing SET note = 'x' WHERE id = :id
-- postgres:
UPDATE test_thing SET note = 'x'::text WHERE id = :id

-- name: test_delete :exec
-- Delete a thing: the trigger forbids it.
-- in: id int
DELETE FROM test_thing WHERE id = :id

-- name: test_pictures :many
-- Things with a picture, by id.
-- in: after int, few int
-- out: id int, picture blob
SELECT id, picture FROM test_thing WHERE id > :after AND picture IS NOT NULL ORDER BY id LIMIT :few

-- name: test_picture_set :exec
-- Give a thing another picture.
-- in: id int, picture blob
UPDATE test_thing SET picture = :picture WHERE id = :id

-- name: test_poison :exec
-- Fails with a duplicate and (SQLite) takes the whole transaction with it.
-- in: id int
-- sqlite:
INSERT OR ROLLBACK INTO test_counter (id, n) VALUES (:id, 0)
-- postgres:
INSERT INTO test_counter (id, n) VALUES (:id, 0)

-- name: test_defer :exec
-- Foreign keys are looked at when the transaction ends (SQLite).
-- sqlite:
PRAGMA defer_foreign_keys = ON
-- postgres:
SELECT 1

-- name: test_full :exec
-- No more pages than now (SQLite): the disk is full.
-- sqlite:
PRAGMA max_page_count = 1
-- postgres:
SELECT 1

-- name: test_not_full :exec
-- There is room again.
-- sqlite:
PRAGMA max_page_count = 1000000
-- postgres:
SELECT 1

-- name: test_hang_up :exec
-- The server ends this connection (PostgreSQL).
-- sqlite:
SELECT 1
-- postgres:
SELECT pg_terminate_backend(pg_backend_pid())

-- name: test_null :one
-- A NULL where none is declared.
-- out: n int
SELECT CAST(NULL AS bigint)

-- name: test_comment :many
-- The comments of test_thing, each with where it stands.
-- out: text text
-- sqlite:
SELECT sql FROM sqlite_schema WHERE name = 'test_thing'
-- postgres:
SELECT obj_description('test_thing'::regclass) || string_agg(col_description('test_thing'::regclass, a.attnum), ' ')
FROM pg_attribute a WHERE a.attrelid = 'test_thing'::regclass AND a.attnum > 0

-- name: test_touch :exec
-- Lock and change a thing.
-- in: id int, note text
UPDATE test_thing SET note = :note WHERE id = :id

-- name: test_long :many
-- Many rows, for filling an arena.
-- out: n int, filler text
WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 100000)
SELECT n, CAST('0123456789012345678901234567890123456789012345678901234567890123456789' AS text) FROM t


-- name: test_add_long :one
-- Add a thing whose note comes back three times.
-- in: id int, note text, hash hash
-- out: filler text
INSERT INTO test_thing (id, name, note, hash) VALUES (:id, 'long', :note, :hash) RETURNING note || note || note

-- name: test_endless :one
-- A query that does not come to an end.
-- out: n int
WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 4000000000) SELECT count(*) FROM r

-- name: test_log_add :exec
-- A row of the log.
-- in: id int
INSERT INTO test_log (id) VALUES (:id)

-- name: test_log_sum :one
-- The log beside the rest.
-- out: logged int, rows int
SELECT (SELECT count(*) FROM test_log), (SELECT count(*) FROM test_thing)

-- name: test_log_end :one
-- PostgreSQL: where its own log ends now.
-- out: at text
-- sqlite:
SELECT ''
-- postgres:
SELECT CAST(pg_current_wal_insert_lsn() AS text)

-- name: test_log_durable :one
-- … and whether more than that has been made durable.
-- in: at text
-- out: durable bool
-- sqlite:
SELECT :at = ''
-- postgres:
SELECT pg_current_wal_flush_lsn() > CAST(:at AS pg_lsn)
