-- name: form_draft_add :exec
-- A new draft.
-- in: id int, version_id int, service_key text, party_id int?, session_id int?, lang int, page text, answers blob, now_us int, expires_us int, typed_by int?, typed_unit_id int?, channel int, mandate_id int?
INSERT INTO form_draft (id, version_id, service_key, party_id, session_id, version, lang, page, answers, begun_us, changed_us,
    expires_us, sent_us, begun_by, typed_by, typed_unit_id, channel, mandate_id, typed_mandate_id)
VALUES (:id, :version_id, :service_key, :party_id, :session_id, 1, :lang, :page, :answers, :now_us, :now_us, :expires_us, NULL,
    :typed_by, :typed_by, :typed_unit_id, :channel, :mandate_id, :mandate_id)

-- name: form_draft_keep :exec
-- The answers of a draft that was just sent, until all have signed; its files go along.
-- in: id int, of int, page text, answers blob, now_us int, expires_us int
INSERT INTO form_draft (id, version_id, service_key, party_id, session_id, version, lang, page, answers, begun_us, changed_us, expires_us, sent_us, channel, kept_of)
SELECT :id, d.version_id, d.service_key, d.party_id, d.session_id, d.version + 1, d.lang, :page, :answers, d.begun_us, :now_us, :expires_us, NULL, 1, d.id FROM form_draft d WHERE d.id = :of

-- name: form_draft_kept :opt
-- What is kept of one that was sent.
-- in: of int
-- out: id int, version int, version_id int, party_id int?
SELECT id, version, version_id, party_id FROM form_draft WHERE kept_of = :of

-- name: form_draft_reopen :count
-- It is a draft again.
-- in: id int, version int, now_us int, expires_us int
UPDATE form_draft SET version = version + 1, changed_us = :now_us, expires_us = :expires_us, kept_of = NULL WHERE id = :id AND version = :version

-- name: form_uploads_move :exec
-- Files go with the answers.
-- in: from_id int, to_id int
UPDATE form_upload SET draft_id = :to_id WHERE draft_id = :from_id

-- name: form_draft_get :opt
-- One draft; who may see it is asked in C.
-- in: id int
-- out: id int, version_id int, party_id int?, session_id int?, version int, lang int, page text, answers blob, changed_us int, expires_us int, sent_us int?, begun_by int?, typed_unit_id int?, mandate_id int?
SELECT id, version_id, party_id, session_id, version, lang, page, answers, changed_us, expires_us, sent_us, begun_by, typed_unit_id, mandate_id
FROM form_draft WHERE id = :id AND kept_of IS NULL

-- name: form_draft_save :count
-- New answers, if the draft is as it was read (law 2).
-- in: id int, version int, lang int, page text, answers blob, now_us int, expires_us int, typed_by int?, typed_unit_id int?, channel int, mandate_id int?
UPDATE form_draft SET version = version + 1, lang = :lang, page = :page, answers = :answers, changed_us = :now_us,
    expires_us = :expires_us, typed_by = :typed_by, typed_unit_id = coalesce(:typed_unit_id, typed_unit_id), channel = :channel,
    typed_mandate_id = :mandate_id
WHERE id = :id AND version = :version AND sent_us IS NULL

-- name: form_draft_touch :count
-- Something beside the answers changed: an upload came or went.
-- in: id int, now_us int, expires_us int, typed_by int?, typed_unit_id int?, channel int, mandate_id int?
UPDATE form_draft SET version = version + 1, changed_us = :now_us, expires_us = :expires_us, typed_by = :typed_by,
    typed_unit_id = coalesce(:typed_unit_id, typed_unit_id), channel = :channel,
    typed_mandate_id = :mandate_id
WHERE id = :id AND sent_us IS NULL

-- name: form_draft_sent :count
-- It has been sent: only the fact remains.
-- in: id int, version int, answers blob, now_us int, expires_us int, typed_by int?, typed_unit_id int?, channel int, mandate_id int?
UPDATE form_draft SET version = version + 1, answers = :answers, sent_us = :now_us, changed_us = :now_us, expires_us = :expires_us,
    typed_by = :typed_by, typed_unit_id = coalesce(:typed_unit_id, typed_unit_id), channel = :channel,
    typed_mandate_id = :mandate_id
WHERE id = :id AND version = :version AND sent_us IS NULL

-- name: form_drafts_of_party :many
-- Unsent drafts, newest first.
-- helped: those alone that were begun at the counter.
-- in: party_id int, helped bool, at_most int
-- out: id int, version_id int, page text, changed_us int, expires_us int, helped bool, holder text?
SELECT d.id, d.version_id, d.page, d.changed_us, d.expires_us, d.begun_by IS NOT NULL, h.name
FROM form_draft d LEFT JOIN mandate m ON m.id = d.mandate_id LEFT JOIN party h ON h.id = m.holder_id
WHERE d.party_id = :party_id AND d.sent_us IS NULL AND d.kept_of IS NULL AND (:helped = 0 OR d.begun_by IS NOT NULL) ORDER BY d.changed_us DESC, d.id LIMIT :at_most

-- name: form_drafts_of_holder :many
-- Unsent drafts that somebody began for others (giver_id 0), or for this one, by mandates that are in force and let them act, newest first.
-- in: holder_id int, giver_id int, now_us int, at_most int
-- out: id int, version_id int, page text, changed_us int, expires_us int, giver_id int, giver text
SELECT d.id, d.version_id, d.page, d.changed_us, d.expires_us, m.giver_id, g.name
FROM mandate m JOIN form_draft d ON d.mandate_id = m.id JOIN party g ON g.id = m.giver_id
WHERE m.holder_id = :holder_id AND (:giver_id = 0 OR m.giver_id = :giver_id) AND m.act = 1 AND @mandate_now(m)@ AND d.sent_us IS NULL AND d.kept_of IS NULL
ORDER BY d.changed_us DESC, d.id LIMIT :at_most

-- name: form_drafts_of_session :many
-- Unsent drafts that one browser began without a name, newest first.
-- in: session_id int
-- out: id int, version_id int, page text, changed_us int, expires_us int
SELECT id, version_id, page, changed_us, expires_us
FROM form_draft WHERE session_id = :session_id AND sent_us IS NULL AND kept_of IS NULL ORDER BY changed_us DESC, id LIMIT 100

-- name: form_drafts_underway :one
-- Unsent drafts of a version; what is kept of those that others must sign is none.
-- in: version_id int
-- out: n int
SELECT count(*) FROM form_draft WHERE version_id = :version_id AND sent_us IS NULL AND kept_of IS NULL

-- name: form_drafts_expired :many
-- Drafts whose time is out.
-- in: now_us int
-- out: id int
SELECT id FROM form_draft WHERE expires_us <= :now_us ORDER BY expires_us LIMIT 500

-- name: form_draft_delete :count
-- With its uploads gone before.
-- in: id int
DELETE FROM form_draft WHERE id = :id

-- name: form_upload_add :exec
-- A file for a field.
-- in: id int, draft_id int, number int, field text, name text, mime text, hash hash, size int, now_us int
INSERT INTO form_upload (id, draft_id, number, field, name, mime, hash, size, added_us)
VALUES (:id, :draft_id, :number, :field, :name, :mime, :hash, :size, :now_us)

-- name: form_uploads :many
-- In the order they came.
-- in: draft_id int
-- out: id int, field text, name text, mime text, hash hash, size int
SELECT id, field, name, mime, hash, size FROM form_upload WHERE draft_id = :draft_id ORDER BY number

-- name: form_upload_count :one
-- How many a field has, and the last number of all.
-- in: draft_id int, field text
-- out: n int, last int
SELECT count(CASE WHEN field = :field THEN 1 END), COALESCE(max(number), 0) FROM form_upload WHERE draft_id = :draft_id

-- name: form_upload_delete :count
-- One file.
-- in: id int, draft_id int
DELETE FROM form_upload WHERE id = :id AND draft_id = :draft_id

-- name: form_uploads_delete :exec
-- All files of a draft.
-- in: draft_id int
DELETE FROM form_upload WHERE draft_id = :draft_id

-- name: form_drafts_after :many
-- For sealing anew under another key.
-- in: after int, n int
-- out: id int, version int, answers blob
SELECT id, version, answers FROM form_draft WHERE id > :after AND sent_us IS NULL ORDER BY id LIMIT :n

-- name: form_draft_reseal :count
-- The same answers under another key.
-- in: id int, version int, answers blob
UPDATE form_draft SET version = version + 1, answers = :answers WHERE id = :id AND version = :version AND sent_us IS NULL

-- name: form_erase_sent :exec
-- Law 10: what is left of the drafts that a person sent, when she is forgotten.
-- in: party_id int
DELETE FROM form_draft WHERE party_id = :party_id AND sent_us IS NOT NULL

-- name: form_intake_begin :exec
-- A period whose applications are counted.
-- in: service_key text, from_day int, ceiling int
INSERT INTO form_intake (service_key, from_day, taken, ceiling) VALUES (:service_key, :from_day, 0, :ceiling)
ON CONFLICT (service_key, from_day) DO NOTHING

-- name: form_intake_take :count
-- One place; none when there is no room. The row is locked until the end of the transaction, so that two cannot take the last.
-- in: service_key text, from_day int, ceiling int
UPDATE form_intake SET taken = taken + 1, ceiling = :ceiling
WHERE service_key = :service_key AND from_day = :from_day AND taken < :ceiling

-- name: form_intake_give :exec
-- A place is free again: an application was taken back.
-- in: service_key text, from_day int
UPDATE form_intake SET taken = taken - 1 WHERE service_key = :service_key AND from_day = :from_day AND taken > 0

-- name: form_intake_taken :opt
-- How many have applied.
-- in: service_key text, from_day int
-- out: taken int
SELECT taken FROM form_intake WHERE service_key = :service_key AND from_day = :from_day

-- name: form_draft_renew :count
-- The same draft under another version of its service.
-- in: id int, version int, version_id int, lang int, page text, answers blob, now_us int, expires_us int, typed_by int?, typed_unit_id int?, channel int, mandate_id int?
UPDATE form_draft SET version = version + 1, version_id = :version_id, lang = :lang, page = :page, answers = :answers,
    changed_us = :now_us, expires_us = :expires_us, typed_by = :typed_by,
    typed_unit_id = coalesce(:typed_unit_id, typed_unit_id), channel = :channel,
    typed_mandate_id = :mandate_id
WHERE id = :id AND version = :version AND sent_us IS NULL
