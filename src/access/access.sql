-- name: access_view_add :exec
-- A view.
-- in: id int, at_us int, viewer_kind int, viewer_id int, unit_id int, roles int, kind text, purpose text, legal_basis text, casefile_id int, casefile_no text, refused int, request_id text, salt text, subjects blob
INSERT INTO access_view (id, at_us, viewer_kind, viewer_id, unit_id, roles, kind, purpose, legal_basis, casefile_id, casefile_no, refused, request_id, salt, subjects, sealed)
VALUES (:id, :at_us, :viewer_kind, :viewer_id, :unit_id, :roles, :kind, :purpose, :legal_basis, :casefile_id, :casefile_no, :refused, :request_id, :salt, :subjects, 0)

-- name: access_unsealed_about :many
-- Views without a seal in whose subjects some bytes stand: probably about a person. The caller reads the entries.
-- in: bytes blob
-- out: id int, at_us int, casefile_id int, subjects blob
SELECT id, at_us, casefile_id, subjects FROM access_view
-- sqlite:
WHERE sealed = 0 AND instr(subjects, :bytes) > 0
-- postgres:
WHERE sealed = 0 AND position(:bytes IN subjects) > 0

-- name: access_index_of_party :many
-- The index of a person, newest batches first, from before one.
-- in: party_id int, before_batch int, max int
-- out: batch int, views blob
SELECT batch, views FROM access_subject WHERE party_id = :party_id AND batch < :before_batch ORDER BY batch DESC LIMIT :max

-- name: access_seen :many
-- Those of some views about a person that the person may see; casefile_no empty: of all cases.
-- in: ids ints, party_id int, now_us int, casefile_no text
-- out: id int, at_us int, viewer_kind int, viewer_id int, unit_key text?, unit_name text?, employee_name text?, roles int, kind text, purpose text, legal_basis text, casefile_no text, refused int
SELECT v.id, v.at_us, v.viewer_kind, v.viewer_id, u.key, u.name, e.name, v.roles, v.kind, v.purpose, v.legal_basis, v.casefile_no, v.refused
FROM access_view v
LEFT JOIN unit u ON u.id = v.unit_id
LEFT JOIN employee e ON v.viewer_kind = 2 AND e.id = v.viewer_id
WHERE v.id IN :ids AND (:casefile_no = '' OR v.casefile_no = :casefile_no) AND @access_shown(v)@

-- fragment: access_shown(v)
-- What is not withheld.
NOT EXISTS (SELECT 1 FROM access_withheld w WHERE w.party_id = :party_id AND w.until_us > :now_us
    AND (w.casefile_id = 0 OR w.casefile_id = @v@.casefile_id))

-- name: access_seen_cases :many
-- The cases of some views about a person, for the filter.
-- in: ids ints, party_id int, now_us int
-- out: casefile_no text
SELECT DISTINCT v.casefile_no
FROM access_view v
WHERE v.id IN :ids AND v.casefile_no <> '' AND @access_shown(v)@
ORDER BY v.casefile_no DESC
LIMIT 200

-- name: access_withheld_add :exec
-- Entries are withheld.
-- in: id int, party_id int, casefile_id int, legal_basis text, until_us int, employee_id int, decided_us int
INSERT INTO access_withheld (id, party_id, casefile_id, legal_basis, until_us, employee_id, decided_us)
VALUES (:id, :party_id, :casefile_id, :legal_basis, :until_us, :employee_id, :decided_us)

-- name: access_lock :one
-- One sealer at a time: SQLite has one writer anyway.
-- out: held int
-- sqlite:
SELECT 1
-- postgres:
SELECT 1::bigint FROM (SELECT pg_advisory_xact_lock(4919131752)) AS x

-- name: access_unsealed :many
-- Views without a seal, whatever their ids: a lower id may have been committed later.
-- in: max int
-- out: id int, at_us int, viewer_kind int, viewer_id int, unit_id int, roles int, kind text, purpose text, legal_basis text, casefile_id int, casefile_no text, refused int, request_id text, salt text, subjects blob
SELECT id, at_us, viewer_kind, viewer_id, unit_id, roles, kind, purpose, legal_basis, casefile_id, casefile_no, refused, request_id, salt, subjects
FROM access_view WHERE sealed = 0 ORDER BY at_us, id LIMIT :max

-- name: access_last_batch :opt
-- The newest sealed batch.
-- out: no int, at_us int, n int, root blob, head blob, signature blob, key blob
SELECT no, at_us, n, root, head, signature, key FROM access_batch ORDER BY no DESC LIMIT 1

-- name: access_batch_add :exec
-- A sealed batch.
-- in: no int, at_us int, n int, root blob, head blob, signature blob, key blob
INSERT INTO access_batch (no, at_us, n, root, head, signature, key) VALUES (:no, :at_us, :n, :root, :head, :signature, :key)

-- name: access_leaves_add :exec
-- The leaves of a batch in one statement: a JSON list of the views' ids, and their hashes one after the other.
-- in: batch int, views text, hashes blob
INSERT INTO access_leaf (batch, pos, view_id, hash)
-- sqlite:
SELECT :batch, key, value, substr(:hashes, 1 + 32 * key, 32) FROM json_each(:views)
-- postgres:
SELECT :batch, n - 1, id::bigint, substring(:hashes FROM (32 * n - 31)::int FOR 32)
FROM jsonb_array_elements_text(:views::jsonb) WITH ORDINALITY AS x (id, n)

-- name: access_index_add :exec
-- The index rows of a batch in one statement: a JSON list of [party_id, place of its ids in views, length], from 1, in bytes.
-- in: batch int, views blob, rows text
INSERT INTO access_subject (party_id, batch, views)
-- sqlite:
SELECT json_extract(value, '$[0]'), :batch, substr(:views, json_extract(value, '$[1]'), json_extract(value, '$[2]')) FROM json_each(:rows)
-- postgres:
SELECT (x->>0)::bigint, :batch, substring(:views FROM (x->>1)::int FOR (x->>2)::int) FROM jsonb_array_elements(:rows::jsonb) AS x

-- name: access_seal_rows :count
-- The views of a batch are sealed.
-- in: batch int
UPDATE access_view SET sealed = :batch WHERE sealed = 0 AND id IN (SELECT view_id FROM access_leaf WHERE batch = :batch)

-- name: access_batches :many
-- Batches in order, after one.
-- in: after int, max int
-- out: no int, at_us int, n int, root blob, head blob, signature blob, key blob
SELECT no, at_us, n, root, head, signature, key FROM access_batch WHERE no > :after ORDER BY no LIMIT :max

-- name: access_batches_between :many
-- Batches sealed in a time.
-- in: from_us int, to_us int
-- out: no int, at_us int, n int, root blob, head blob, signature blob, key blob
SELECT no, at_us, n, root, head, signature, key FROM access_batch WHERE at_us >= :from_us AND at_us < :to_us ORDER BY no

-- name: access_leaves :many
-- The leaves of a batch with what they seal; the view's columns are null when it is gone.
-- in: batch int
-- out: pos int, view_id int, hash blob, found int?, at_us int?, viewer_kind int?, viewer_id int?, unit_id int?, roles int?, kind text?, purpose text?, legal_basis text?, casefile_id int?, casefile_no text?, refused int?, request_id text?, salt text?, subjects blob?, sealed int?, erased_us int?
SELECT l.pos, l.view_id, l.hash, v.id, v.at_us, v.viewer_kind, v.viewer_id, v.unit_id, v.roles, v.kind, v.purpose, v.legal_basis,
    v.casefile_id, v.casefile_no, v.refused, v.request_id, v.salt, v.subjects, v.sealed, v.erased_us
FROM access_leaf l LEFT JOIN access_view v ON v.id = l.view_id
WHERE l.batch = :batch ORDER BY l.pos

-- name: access_index_of_batch :many
-- The index rows of a batch.
-- in: batch int
-- out: party_id int, views blob
SELECT party_id, views FROM access_subject WHERE batch = :batch ORDER BY party_id

-- name: access_index_count :one
-- All index rows.
-- out: n int
SELECT count(*) FROM access_subject

-- name: access_window :one
-- The rows without a seal.
-- out: n int, oldest_us int
SELECT count(*), coalesce(min(at_us), 0) FROM access_view WHERE sealed = 0

-- name: access_strays :one
-- Rows that say they are sealed, and in no batch are.
-- out: n int
SELECT (SELECT count(*) FROM access_view WHERE sealed <> 0)
    - (SELECT count(*) FROM access_leaf l JOIN access_view v ON v.id = l.view_id AND v.sealed = l.batch)

-- name: access_erasures :many
-- What was lawfully erased: the commitments that erasure rows name.
-- out: subjects blob
SELECT subjects FROM access_view WHERE kind = 'erasure'

-- name: access_erasable :many
-- Those of some views that are from before a time; of one case, or (0) of all.
-- in: ids ints, before_us int, casefile_id int
-- out: id int, subjects blob
SELECT id, subjects FROM access_view WHERE id IN :ids AND at_us < :before_us AND (:casefile_id = 0 OR casefile_id = :casefile_id)

-- name: access_withheld_forget :exec
-- Nothing is left to be withheld: of one case, or (0) of all.
-- in: party_id int, casefile_id int
DELETE FROM access_withheld WHERE party_id = :party_id AND (:casefile_id = 0 OR casefile_id = :casefile_id)

-- name: access_subjects_set :exec
-- The subjects of a view, one of them erased.
-- in: id int, subjects blob
UPDATE access_view SET subjects = :subjects WHERE id = :id

-- name: access_view_erase :exec
-- A view that is about nobody any more loses its content; its seal stays.
-- in: id int, subjects blob, now_us int
UPDATE access_view SET viewer_kind = 0, viewer_id = 0, unit_id = 0, roles = 0, kind = '', purpose = '', legal_basis = '',
    casefile_id = 0, casefile_no = '', refused = 0, request_id = '', salt = '', subjects = :subjects, erased_us = :now_us
WHERE id = :id

-- name: access_index_set :exec
-- The views of a batch that are still about a person.
-- in: party_id int, batch int, views blob
UPDATE access_subject SET views = :views WHERE party_id = :party_id AND batch = :batch

-- name: access_index_drop :exec
-- No view of a batch is about a person any more.
-- in: party_id int, batch int
DELETE FROM access_subject WHERE party_id = :party_id AND batch = :batch
