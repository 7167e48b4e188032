-- name: cut_start :exec
-- Make the counter, once.
INSERT INTO cut_counter (id, n) VALUES (1, 0) ON CONFLICT DO NOTHING

-- name: cut_next :one
-- The next number, without gaps.
-- out: n int
UPDATE cut_counter SET n = n + 1 WHERE id = 1 RETURNING n

-- name: cut_add :exec
-- A row that was promised to somebody.
-- in: id int, hash hash, number int
INSERT INTO cut_row (id, hash, number) VALUES (:id, :hash, :number)

-- name: cut_get :opt
-- A row.
-- in: id int
-- out: hash hash, number int
SELECT hash, number FROM cut_row WHERE id = :id

-- name: cut_sum :one
-- How many rows there are, how many numbers, the highest of them and what the counter says.
-- out: rows int, numbers int, highest int, counter int
SELECT count(*), count(DISTINCT r.number), coalesce(max(r.number), 0), (SELECT c.n FROM cut_counter c WHERE c.id = 1)
FROM cut_row r
