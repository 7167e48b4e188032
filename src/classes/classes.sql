-- Classes of the open series.

-- name: classes_series :opt
-- The series that case files are opened in now.
-- out: id int
SELECT s.id FROM record_series s JOIN record_fonds f ON f.id = s.fonds_id WHERE s.closed_us IS NULL AND f.closed_us IS NULL ORDER BY s.created_us DESC LIMIT 1

-- name: classes_get :opt
-- One of that key.
-- in: series_id int, key text
-- out: id int, title text
SELECT id, title FROM record_class WHERE series_id = :series_id AND key = :key

-- name: classes_add :exec
-- A class.
-- in: id int, series_id int, key text, title text, now_us int
INSERT INTO record_class (id, series_id, key, title, created_us) VALUES (:id, :series_id, :key, :title, :now_us)

-- name: classes_rename :exec
-- Its title.
-- in: id int, title text
UPDATE record_class SET title = :title WHERE id = :id
