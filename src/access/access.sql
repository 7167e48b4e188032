-- name: access_view_add :exec
-- A view.
-- in: id int, at_us int, viewer_kind int, viewer_id int, unit_id int, roles int, kind text, purpose text, legal_basis text, casefile_id int, casefile_no text, refused int, request_id text, salt text, subjects blob
INSERT INTO access_view (id, at_us, viewer_kind, viewer_id, unit_id, roles, kind, purpose, legal_basis, casefile_id, casefile_no, refused, request_id, salt, subjects, sealed)
VALUES (:id, :at_us, :viewer_kind, :viewer_id, :unit_id, :roles, :kind, :purpose, :legal_basis, :casefile_id, :casefile_no, :refused, :request_id, :salt, :subjects, 0)

-- name: access_subjects_add :exec
-- The subjects of a view in one statement; rows is a JSON list of [pos, party_id, salt].
-- in: view_id int, at_us int, rows text
INSERT INTO access_subject (view_id, pos, party_id, at_us, salt)
-- sqlite:
SELECT :view_id, json_extract(value, '$[0]'), json_extract(value, '$[1]'), :at_us, json_extract(value, '$[2]') FROM json_each(:rows)
-- postgres:
SELECT :view_id, (x->>0)::bigint, (x->>1)::bigint, :at_us, x->>2 FROM jsonb_array_elements(:rows::jsonb) AS x

-- name: access_of_party :many
-- Who saw a person's data, newest first, from before a place in the list; without what is withheld. casefile_no empty: all.
-- in: party_id int, now_us int, before_us int, before_id int, casefile_no text, max int
-- out: id int, at_us int, viewer_kind int, viewer_id int, unit_key text?, unit_name text?, employee_name text?, roles int, kind text, purpose text, legal_basis text, casefile_no text, refused int
SELECT v.id, v.at_us, v.viewer_kind, v.viewer_id, u.key, u.name, e.name, v.roles, v.kind, v.purpose, v.legal_basis, v.casefile_no, v.refused
FROM access_subject s
JOIN access_view v ON v.id = s.view_id
LEFT JOIN unit u ON u.id = v.unit_id
LEFT JOIN employee e ON v.viewer_kind = 2 AND e.id = v.viewer_id
WHERE s.party_id = :party_id AND s.at_us <= :before_us AND (s.at_us < :before_us OR (s.at_us = :before_us AND s.view_id < :before_id))
    AND (:casefile_no = '' OR v.casefile_no = :casefile_no)
    AND NOT EXISTS (SELECT 1 FROM access_withheld w WHERE w.party_id = :party_id AND w.until_us > :now_us
        AND (w.casefile_id = 0 OR w.casefile_id = v.casefile_id))
ORDER BY s.at_us DESC, s.view_id DESC
LIMIT :max

-- name: access_cases_of_party :many
-- The cases in which a person's data was seen lately, for the filter.
-- in: party_id int, now_us int
-- out: casefile_no text
SELECT DISTINCT v.casefile_no
FROM (SELECT view_id FROM access_subject WHERE party_id = :party_id ORDER BY at_us DESC, view_id DESC LIMIT 1000) s
JOIN access_view v ON v.id = s.view_id
WHERE v.casefile_no <> ''
    AND NOT EXISTS (SELECT 1 FROM access_withheld w WHERE w.party_id = :party_id AND w.until_us > :now_us
        AND (w.casefile_id = 0 OR w.casefile_id = v.casefile_id))
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
-- The leaves of a batch in one statement; rows is a JSON list of [pos, view_id, hash].
-- in: batch int, rows text
INSERT INTO access_leaf (batch, pos, view_id, hash)
-- sqlite:
SELECT :batch, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(:rows)
-- postgres:
SELECT :batch, (x->>0)::bigint, (x->>1)::bigint, x->>2 FROM jsonb_array_elements(:rows::jsonb) AS x

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
-- out: pos int, view_id int, hash text, found int?, at_us int?, viewer_kind int?, viewer_id int?, unit_id int?, roles int?, kind text?, purpose text?, legal_basis text?, casefile_id int?, casefile_no text?, refused int?, request_id text?, salt text?, subjects blob?, sealed int?, erased_us int?
SELECT l.pos, l.view_id, l.hash, v.id, v.at_us, v.viewer_kind, v.viewer_id, v.unit_id, v.roles, v.kind, v.purpose, v.legal_basis,
    v.casefile_id, v.casefile_no, v.refused, v.request_id, v.salt, v.subjects, v.sealed, v.erased_us
FROM access_leaf l LEFT JOIN access_view v ON v.id = l.view_id
WHERE l.batch = :batch ORDER BY l.pos

-- name: access_subjects_of_batch :many
-- The subjects of a batch's views.
-- in: batch int
-- out: leaf_pos int, view_id int, pos int, party_id int, at_us int, salt text
SELECT l.pos, s.view_id, s.pos, s.party_id, s.at_us, s.salt
FROM access_leaf l JOIN access_subject s ON s.view_id = l.view_id
WHERE l.batch = :batch ORDER BY l.pos, s.pos

-- name: access_window :one
-- The rows without a seal.
-- out: n int, oldest_us int
SELECT count(*), coalesce(min(at_us), 0) FROM access_view WHERE sealed = 0

-- name: access_strays :one
-- Rows that say they are sealed, and in no batch are.
-- out: n int
SELECT count(*) FROM access_view v WHERE v.sealed <> 0
    AND NOT EXISTS (SELECT 1 FROM access_leaf l WHERE l.view_id = v.id AND l.batch = v.sealed)

-- name: access_erasures :many
-- What was lawfully erased: the commitments that erasure rows name.
-- out: subjects blob
SELECT subjects FROM access_view WHERE kind = 'erasure'

-- name: access_erasable :many
-- The rows about a person from before a time.
-- in: party_id int, before_us int, max int
-- out: view_id int, pos int, subjects blob
SELECT s.view_id, s.pos, v.subjects
FROM access_subject s JOIN access_view v ON v.id = s.view_id
WHERE s.party_id = :party_id AND s.at_us < :before_us ORDER BY s.at_us, s.view_id, s.pos LIMIT :max

-- name: access_subject_erase :exec
-- Erase who it was about; the commitment stays with the view.
-- in: view_id int, pos int
DELETE FROM access_subject WHERE view_id = :view_id AND pos = :pos

-- name: access_view_erase :exec
-- A view that is about nobody any more loses its content; its seal stays.
-- in: view_id int, now_us int
UPDATE access_view SET viewer_kind = 0, viewer_id = 0, unit_id = 0, roles = 0, kind = '', purpose = '', legal_basis = '',
    casefile_id = 0, casefile_no = '', refused = 0, request_id = '', salt = '', erased_us = :now_us
WHERE id = :view_id AND NOT EXISTS (SELECT 1 FROM access_subject s WHERE s.view_id = :view_id)
