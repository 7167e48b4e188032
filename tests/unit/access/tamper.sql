-- What a fraud with the database open in front of them would do.

-- name: tamper_view :exec
-- Change a view.
-- in: id int, viewer_id int
UPDATE access_view SET viewer_id = :viewer_id WHERE id = :id

-- name: tamper_view_gone :exec
-- Delete a view and all that hangs on it, but its leaf.
-- in: id int
DELETE FROM access_view WHERE id = :id

-- name: tamper_subjects :exec
-- Give a view other subjects.
-- in: id int, subjects blob
UPDATE access_view SET subjects = :subjects WHERE id = :id

-- name: tamper_subjects_of :one
-- The subjects of a view.
-- in: id int
-- out: subjects blob
SELECT subjects FROM access_view WHERE id = :id

-- name: tamper_index :exec
-- Give a person other views in the index.
-- in: party_id int, batch int, views blob
UPDATE access_subject SET views = :views WHERE party_id = :party_id AND batch = :batch

-- name: tamper_index_gone :exec
-- Delete a person's row of the index.
-- in: party_id int, batch int
DELETE FROM access_subject WHERE party_id = :party_id AND batch = :batch

-- name: tamper_index_of_batch_gone :exec
-- Delete all that the index has of a batch.
-- in: batch int
DELETE FROM access_subject WHERE batch = :batch

-- name: tamper_index_add :exec
-- Add a row to the index.
-- in: party_id int, batch int, views blob
INSERT INTO access_subject (party_id, batch, views) VALUES (:party_id, :batch, :views)

-- name: tamper_blank :exec
-- Pretend that a view was lawfully erased.
-- in: id int
UPDATE access_view SET viewer_id = 0, erased_us = 1 WHERE id = :id

-- name: tamper_pos :exec
-- Move a leaf.
-- in: batch int, from int, to int
UPDATE access_leaf SET pos = :to WHERE batch = :batch AND pos = :from

-- name: tamper_leaf_hash :exec
-- Give a leaf another hash.
-- in: view_id int, hash blob
UPDATE access_leaf SET hash = :hash WHERE view_id = :view_id

-- name: tamper_leaf_gone :exec
-- Delete a leaf.
-- in: view_id int
DELETE FROM access_leaf WHERE view_id = :view_id

-- name: tamper_leaves_gone :exec
-- Delete the leaves of a batch.
-- in: batch int
DELETE FROM access_leaf WHERE batch = :batch

-- name: tamper_batch_gone :exec
-- Delete a batch.
-- in: batch int
DELETE FROM access_batch WHERE no = :batch

-- name: tamper_unseal :exec
-- Make the rows of a batch look as if they had never been sealed.
-- in: batch int
UPDATE access_view SET sealed = 0 WHERE sealed = :batch

-- name: tamper_root :exec
-- Give a batch another root.
-- in: batch int, root blob
UPDATE access_batch SET root = :root WHERE no = :batch

-- name: tamper_head :exec
-- Give a batch another root and head, rightly computed, and a signature.
-- in: batch int, root blob, head blob, signature blob
UPDATE access_batch SET root = :root, head = :head, signature = :signature WHERE no = :batch

-- name: tamper_sealed_flag :exec
-- Say of an unsealed view that it is sealed.
-- in: id int
UPDATE access_view SET sealed = 1 WHERE id = :id

-- name: tamper_counts :one
-- How many there are.
-- out: views int, subject_bytes int, index_rows int
SELECT (SELECT count(*) FROM access_view), (SELECT CAST(coalesce(sum(length(subjects)), 0) AS bigint) FROM access_view),
    (SELECT count(*) FROM access_subject)
