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
