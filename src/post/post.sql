-- name: post_insert :count
-- Post comes in; once for each page that was sent.
-- in: id int, once int, unit_id int, channel int, sender text, address text, subject text, words text, sent_us int?, now_us int, employee_id int
INSERT INTO post (id, version, once, unit_id, channel, state, sender, address, subject, words, note, sent_us, put_us, put_by)
VALUES (:id, 1, :once, :unit_id, :channel, 1, :sender, :address, :subject, :words, '', :sent_us, :now_us, :employee_id) ON CONFLICT (once) DO NOTHING

-- name: post_by_once :opt
-- What that page put.
-- in: once int
-- out: id int
SELECT id FROM post WHERE once = :once

-- name: post_file_insert :exec
-- A file of it.
-- in: post_id int, number int, name text, mime text, hash hash, size int
INSERT INTO post_file (post_id, number, name, mime, hash, size) VALUES (:post_id, :number, :name, :mime, :hash, :size)

-- name: post_get :opt
-- One, with who put it.
-- in: id int
-- out: id int, version int, unit_id int, unit_key text, unit_name text, channel int, state int, sender text, address text, subject text, words text, note text, sent_us int?, put_us int, put_by text, casefile_id int?
SELECT p.id, p.version, p.unit_id, u.key, u.name, p.channel, p.state, p.sender, p.address, p.subject, p.words, p.note, p.sent_us, p.put_us, e.name, p.casefile_id
FROM post p JOIN unit u ON u.id = p.unit_id JOIN employee e ON e.id = p.put_by WHERE p.id = :id

-- name: post_lock :opt
-- Lock it before a change.
-- in: id int
-- out: version int, state int, unit_id int
SELECT version, state, unit_id FROM post WHERE id = :id
-- postgres:
FOR UPDATE

-- name: post_files :many
-- Its files.
-- in: post_id int
-- out: number int, name text, mime text, hash hash, size int
SELECT number, name, mime, hash, size FROM post_file WHERE post_id = :post_id ORDER BY number

-- name: post_waiting :many
-- What waits in these units, the oldest first.
-- in: unit_ids ints, limit int
-- out: id int, channel int, unit_key text, unit_name text, sender text, address text, subject text, put_us int, put_by text, file text?
SELECT p.id, p.channel, u.key, u.name, p.sender, p.address, p.subject, p.put_us, e.name, f.name
FROM post p JOIN unit u ON u.id = p.unit_id JOIN employee e ON e.id = p.put_by LEFT JOIN post_file f ON f.post_id = p.id AND f.number = 1
WHERE p.state = 1 AND p.unit_id IN :unit_ids ORDER BY p.put_us, p.id LIMIT :limit

-- name: post_pass_on :exec
-- Another unit has it.
-- in: id int, unit_id int, note text
UPDATE post SET version = version + 1, unit_id = :unit_id, note = :note WHERE id = :id

-- name: post_registered :exec
-- It is in the record: only the trace stays.
-- in: id int, casefile_id int, now_us int, employee_id int
UPDATE post SET version = version + 1, state = 2, casefile_id = :casefile_id, registered_us = :now_us, registered_by = :employee_id,
  sender = '', address = '', subject = '', words = '', note = '' WHERE id = :id

-- name: post_files_delete :exec
-- Its files are elsewhere now, or gone.
-- in: post_id int
DELETE FROM post_file WHERE post_id = :post_id

-- name: post_delete :exec
-- Thrown away.
-- in: id int
DELETE FROM post WHERE id = :id
