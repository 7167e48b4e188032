-- ---- where entities come from: one row shape for all. odata.c joins these with UNION ALL, and puts the viewer's values first.
-- No table here is called e, x, link or n1, n2 …: those are names of odata.c and odata_path.c, which add conditions at the end. ----

-- What is asked for by number, state, kind (journalposttype) or year (of the number) has a column in every source; number and state
-- an index behind it (0004_order.sql has the same words). A year has "+" before it, so that the index of the numbers is not taken for
-- it: most of a database may be of one year, and would be sorted to show fifty.
-- fragment: item_no(body)
-- sqlite:
coalesce(json_extract(@body@, '$.mappeID'), json_extract(@body@, '$.klasseID'))
-- postgres:
coalesce(@body@::json ->> 'mappeID', @body@::json ->> 'klasseID')

-- fragment: item_state(body)
-- sqlite:
json_extract(@body@, '$.saksstatus.kode')
-- postgres:
(@body@::json #>> '{saksstatus,kode}')

-- fragment: item_kind(body)
-- sqlite:
json_extract(@body@, '$.journalposttype.kode')
-- postgres:
(@body@::json #>> '{journalposttype,kode}')

-- fragment: kind_code(kind)
CASE @kind@ WHEN 1 THEN 'I' WHEN 2 THEN 'U' WHEN 3 THEN 'N' ELSE NULL END

-- name: noark_from_item :many
-- What programs made. unit_id 0: everybody's. about: whose matter the case file is, for the access log. A list shows the columns up to body.
-- in: viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, type int, parent_id int?, parent_type int?, casefile_id int?, about int?, casefile_no text?, created_us int, finished_us int?, house int, body text, fonds_id int, unit_id int, version int, title text?, hash blob?, bytes int?, mime text?, final int, no text?, state text?, kind text?, year int?
SELECT i.id, i.type, i.parent_id, i.parent_type, i.casefile_id, (SELECT whose.party_id FROM casefile whose WHERE whose.id = i.casefile_id) AS about, (SELECT whose.no FROM casefile whose WHERE whose.id = i.casefile_id) AS casefile_no, i.created_us, i.finished_us, 0 AS house, i.body, i.fonds_id, i.unit_id, i.version, i.title, i.hash, i.bytes, i.mime, i.final, @item_no(i.body)@ AS no, @item_state(i.body)@ AS state, @item_kind(i.body)@ AS kind, i.year
FROM noark_item i WHERE i.deleted_us IS NULL
  AND CASE WHEN i.casefile_id IS NULL THEN i.unit_id = 0 OR i.unit_id IN :viewer_refs ELSE @may_see(i.casefile_id)@ END

-- The tables of the house. Of the columns of noark_from_item each gives those that it has; what follows `house` are the attributes by
-- the names of the model, a time in microseconds. odata.c writes the rest: NULL for what is not there, and `body` where a filter asks
-- for it.

-- name: noark_from_fonds :many
-- The archive of the house.
-- in: viewer_kind int
-- out: id int, type int, fonds_id int, unit_id int, version int, title text?, created_us int, finished_us int?, final int, house int, opprettetDato int?, tittel text?, arkivstatus text?, dokumentmedium text?, avsluttetDato int?
SELECT f.id, 2 AS type, f.id AS fonds_id, 0 AS unit_id, 1 AS version, f.title, f.created_us, f.closed_us AS finished_us, 0 AS final, 1 AS house,
  f.created_us AS opprettetDato, f.title AS tittel, CASE WHEN f.closed_us IS NULL THEN 'O' ELSE 'A' END AS arkivstatus, 'E' AS dokumentmedium, f.closed_us AS avsluttetDato
FROM record_fonds f WHERE :viewer_kind = 2

-- name: noark_from_series :many
-- Its series.
-- in: viewer_kind int
-- out: id int, type int, parent_id int?, parent_type int?, fonds_id int, unit_id int, version int, title text?, created_us int, finished_us int?, final int, house int, opprettetDato int?, tittel text?, arkivdelstatus text?, dokumentmedium text?, arkivperiodeStartDato int?, avsluttetDato int?
SELECT s.id, 3 AS type, s.fonds_id AS parent_id, 2 AS parent_type, s.fonds_id, 0 AS unit_id, 1 AS version, s.title, s.created_us, s.closed_us AS finished_us, 0 AS final, 1 AS house,
  s.created_us AS opprettetDato, s.title AS tittel, CASE s.status WHEN 'A' THEN 'A' ELSE 'P' END AS arkivdelstatus, 'E' AS dokumentmedium, s.created_us AS arkivperiodeStartDato, s.closed_us AS avsluttetDato
FROM record_series s WHERE :viewer_kind = 2

-- name: noark_from_system :many
-- The classification system of a series: it has the series' id.
-- in: viewer_kind int
-- out: id int, type int, parent_id int?, parent_type int?, fonds_id int, unit_id int, version int, title text?, created_us int, finished_us int?, final int, house int, opprettetDato int?, klassifikasjonstype text?, tittel text?, avsluttetDato int?
SELECT s.id, 9 AS type, s.id AS parent_id, 3 AS parent_type, s.fonds_id, 0 AS unit_id, 1 AS version, s.title, s.created_us, s.closed_us AS finished_us, 0 AS final, 1 AS house,
  s.created_us AS opprettetDato, 'FH' AS klassifikasjonstype, s.title AS tittel, s.closed_us AS avsluttetDato
FROM record_series s WHERE :viewer_kind = 2

-- name: noark_from_class :many
-- The classes of the house.
-- in: viewer_kind int
-- out: id int, type int, parent_id int?, parent_type int?, fonds_id int, unit_id int, version int, title text?, no text?, created_us int, final int, house int, opprettetDato int?, klasseID text?, tittel text?
SELECT k.id, 8 AS type, k.series_id AS parent_id, 9 AS parent_type, (SELECT s.fonds_id FROM record_series s WHERE s.id = k.series_id) AS fonds_id, 0 AS unit_id, 1 AS version, k.title, k.key AS no, k.created_us, 0 AS final, 1 AS house,
  k.created_us AS opprettetDato, k.key AS klasseID, k.title AS tittel
FROM record_class k WHERE :viewer_kind = 2

-- name: noark_from_casefile :many
-- The case files of the house that the asker may see (law 7).
-- in: viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, type int, parent_id int?, parent_type int?, fonds_id int, unit_id int, casefile_id int?, about int?, casefile_no text?, version int, title text?, no text?, state text?, year int?, created_us int, finished_us int?, final int, house int, opprettetDato int?, mappeID text?, tittel text?, offentligTittel text?, dokumentmedium text?, skjermingKode text?, skjermingHjemmel text?, avsluttetDato int?, saksaar int?, sakssekvensnummer int?, saksdato int?, administrativEnhet text?, saksansvarlig text?, saksstatus text?
SELECT r.id, 36 AS type, r.class_id AS parent_id, 8 AS parent_type, (SELECT s.fonds_id FROM record_series s WHERE s.id = r.series_id) AS fonds_id, r.unit_id, c.id AS casefile_id, c.party_id AS about, c.no AS casefile_no, c.version, r.title, c.no, r.status AS state, +r.year AS year, r.created_us, r.closed_us AS finished_us, 0 AS final, 1 AS house,
  r.created_us AS opprettetDato, c.no AS mappeID, r.title AS tittel, r.public_title AS offentligTittel, 'E' AS dokumentmedium, r.access_code AS skjermingKode, r.access_basis AS skjermingHjemmel, r.closed_us AS avsluttetDato, r.year AS saksaar, r.seq AS sakssekvensnummer, r.created_us AS saksdato, u.name AS administrativEnhet, worker.name AS saksansvarlig, r.status AS saksstatus
FROM record_casefile r JOIN casefile c ON c.record_id = r.id JOIN unit u ON u.id = r.unit_id LEFT JOIN employee worker ON worker.id = c.caseworker_id
WHERE r.disposal_id IS NULL AND @may_see(c.id)@

-- name: noark_from_registration :many
-- Their registrations: a note is an arkivnotat, all else a journalpost.
-- in: viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, type int, parent_id int?, parent_type int?, fonds_id int, unit_id int, casefile_id int?, about int?, casefile_no text?, version int, title text?, kind text?, year int?, created_us int, finished_us int?, final int, house int, opprettetDato int?, serie int?, arkivertDato int?, skjermingKode text?, skjermingHjemmel text?, registreringsID text?, tittel text?, offentligTittel text?, dokumentmedium text?, journalaar int?, journalsekvensnummer int?, journalpostnummer int?, journalposttype text?, journalstatus text?, journaldato int?, dokumentetsDato int?, mottattDato int?, sendtDato int?, journalenhet text?
SELECT g.id, CASE g.kind WHEN 4 THEN 33 ELSE 34 END AS type, g.casefile_id AS parent_id, 36 AS parent_type, (SELECT s.fonds_id FROM record_series s WHERE s.id = r.series_id) AS fonds_id, g.unit_id, c.id AS casefile_id, c.party_id AS about, c.no AS casefile_no, CASE WHEN g.finished_us IS NULL THEN 1 ELSE 2 END AS version, g.title, @kind_code(g.kind)@ AS kind, +g.journal_year AS year, g.created_us, g.finished_us, CASE WHEN g.finished_us IS NULL THEN 0 ELSE 1 END AS final, 1 AS house,
  g.created_us AS opprettetDato, r.series_id AS serie, g.finished_us AS arkivertDato, g.access_code AS skjermingKode, g.access_basis AS skjermingHjemmel, r.year || '/' || r.seq || '-' || g.number AS registreringsID, g.title AS tittel, g.public_title AS offentligTittel, 'E' AS dokumentmedium, g.journal_year AS journalaar, g.journal_seq AS journalsekvensnummer, g.number AS journalpostnummer,
  @kind_code(g.kind)@ AS journalposttype, CASE WHEN g.kind = 4 THEN NULL WHEN g.finished_us IS NULL THEN 'J' ELSE 'A' END AS journalstatus, CASE WHEN g.kind = 4 THEN NULL ELSE g.created_us END AS journaldato,
  g.document_us AS dokumentetsDato, g.received_us AS mottattDato, g.sent_us AS sendtDato, CASE WHEN g.kind = 4 THEN NULL ELSE u.name END AS journalenhet
FROM record_registration g JOIN record_casefile r ON r.id = g.casefile_id JOIN casefile c ON c.record_id = r.id JOIN unit u ON u.id = g.unit_id
WHERE r.disposal_id IS NULL AND @may_see(c.id)@

-- name: noark_from_document :many
-- Their documents.
-- in: viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, type int, parent_id int?, parent_type int?, fonds_id int, unit_id int, casefile_id int?, about int?, casefile_no text?, version int, title text?, created_us int, finished_us int?, final int, house int, opprettetDato int?, dokumenttype text?, dokumentstatus text?, tittel text?, dokumentmedium text?, tilknyttetRegistreringSom text?, dokumentnummer int?, tilknyttetDato int?
SELECT d.id, 6 AS type, d.registration_id AS parent_id, CASE g.kind WHEN 4 THEN 33 ELSE 34 END AS parent_type, (SELECT s.fonds_id FROM record_series s WHERE s.id = r.series_id) AS fonds_id, g.unit_id, c.id AS casefile_id, c.party_id AS about, c.no AS casefile_no, CASE WHEN g.finished_us IS NULL THEN 1 ELSE 2 END AS version, d.title, d.created_us, g.finished_us, CASE WHEN g.finished_us IS NULL THEN 0 ELSE 1 END AS final, 1 AS house,
  d.created_us AS opprettetDato, CASE d.kind WHEN 'letter' THEN 'B' ELSE NULL END AS dokumenttype, CASE WHEN g.finished_us IS NULL THEN 'B' ELSE 'F' END AS dokumentstatus, d.title AS tittel, 'E' AS dokumentmedium, CASE d.number WHEN 1 THEN 'H' ELSE 'V' END AS tilknyttetRegistreringSom, d.number AS dokumentnummer, d.created_us AS tilknyttetDato
FROM record_document d JOIN record_registration g ON g.id = d.registration_id JOIN record_casefile r ON r.id = g.casefile_id JOIN casefile c ON c.record_id = r.id
WHERE r.disposal_id IS NULL AND @may_see(c.id)@

-- name: noark_from_object :many
-- The forms of their documents, with the file.
-- in: viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, type int, parent_id int?, parent_type int?, fonds_id int, unit_id int, casefile_id int?, about int?, casefile_no text?, version int, hash blob?, bytes int?, mime text?, created_us int, finished_us int?, final int, house int, opprettetDato int?, versjonsnummer int?, variantformat text?, format text?, filnavn text?, sjekksum text?, mimeType text?, sjekksumAlgoritme text?, filstoerrelse int?
SELECT o.id, 7 AS type, o.document_id AS parent_id, 6 AS parent_type, (SELECT s.fonds_id FROM record_series s WHERE s.id = r.series_id) AS fonds_id, g.unit_id, c.id AS casefile_id, c.party_id AS about, c.no AS casefile_no, CASE WHEN g.finished_us IS NULL THEN 1 ELSE 2 END AS version, o.hash, o.bytes, o.mime, o.created_us, g.finished_us, CASE WHEN g.finished_us IS NULL THEN 0 ELSE 1 END AS final, 1 AS house,
  o.created_us AS opprettetDato, o.number - 1 AS versjonsnummer, CASE o.variant WHEN 2 THEN 'A' ELSE 'P' END AS variantformat, CASE o.format WHEN '' THEN NULL ELSE o.format END AS format, o.file_name AS filnavn,
-- sqlite:
  lower(hex(o.hash))
-- postgres:
  encode(o.hash, 'hex')
-- both:
  AS sjekksum, o.mime AS mimeType, 'SHA-256' AS sjekksumAlgoritme, o.bytes AS filstoerrelse
FROM record_object o JOIN record_document d ON d.id = o.document_id JOIN record_registration g ON g.id = d.registration_id JOIN record_casefile r ON r.id = g.casefile_id JOIN casefile c ON c.record_id = r.id
WHERE r.disposal_id IS NULL AND @may_see(c.id)@

-- name: noark_from_correspondent :many
-- Their correspondents: the number in the registration stands above the 53 bits of its id.
-- in: viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, type int, parent_id int?, parent_type int?, fonds_id int, unit_id int, casefile_id int?, about int?, casefile_no text?, version int, created_us int, finished_us int?, final int, house int, korrespondanseparttype text?, navn text?, administrativEnhet text?
SELECT p.registration_id + p.number * 9007199254740992 AS id, CASE WHEN p.unit_id IS NOT NULL THEN 13 WHEN y.kind = 2 THEN 12 ELSE 14 END AS type, p.registration_id AS parent_id, CASE g.kind WHEN 4 THEN 33 ELSE 34 END AS parent_type, (SELECT s.fonds_id FROM record_series s WHERE s.id = r.series_id) AS fonds_id, g.unit_id, c.id AS casefile_id, c.party_id AS about, c.no AS casefile_no, 1 AS version, g.created_us, g.finished_us, CASE WHEN g.finished_us IS NULL THEN 0 ELSE 1 END AS final, 1 AS house,
  CASE WHEN p.unit_id IS NOT NULL THEN CASE p.role WHEN 1 THEN 'IA' WHEN 2 THEN 'IM' ELSE 'IK' END ELSE CASE p.role WHEN 1 THEN 'EA' WHEN 2 THEN 'EM' ELSE 'EK' END END AS korrespondanseparttype, CASE WHEN p.unit_id IS NULL THEN coalesce(y.name, p.name) END AS navn, n.name AS administrativEnhet
FROM record_party p JOIN record_registration g ON g.id = p.registration_id JOIN record_casefile r ON r.id = g.casefile_id JOIN casefile c ON c.record_id = r.id LEFT JOIN party y ON y.id = p.party_id LEFT JOIN unit n ON n.id = p.unit_id
WHERE r.disposal_id IS NULL AND @may_see(c.id)@

-- ---- writing ----

-- name: noark_item_insert :exec
-- An entity.
-- in: id int, type int, parent_id int?, parent_type int?, fonds_id int, unit_id int, casefile_id int?, title text?, key text?, body text, sealed bool, series int, year int?, seq int?, hash blob?, bytes int?, mime text?, finished_us int?, final bool, now_us int
INSERT INTO noark_item (id, type, parent_id, parent_type, fonds_id, unit_id, casefile_id, version, title, key, body, sealed, series, year, seq, numbers, hash, bytes, mime, created_us, changed_us, finished_us, final)
VALUES (:id, :type, :parent_id, :parent_type, :fonds_id, :unit_id, :casefile_id, 1, :title, :key, :body, :sealed, :series, :year, :seq, 0, :hash, :bytes, :mime, :now_us, :now_us, :finished_us, :final)

-- name: noark_item_update :count
-- Changed, if nobody else was first (law 2).
-- in: id int, version int, type int, parent_id int?, parent_type int?, title text?, body text, sealed bool, finished_us int?, final bool, now_us int
UPDATE noark_item SET version = version + 1, type = :type, parent_id = :parent_id, parent_type = :parent_type, title = :title, body = :body, sealed = :sealed, finished_us = :finished_us, final = :final, changed_us = :now_us
WHERE id = :id AND version = :version AND deleted_us IS NULL

-- name: noark_item_number :exec
-- Its number in the series of its archive.
-- in: id int, series int, year int?, seq int?, body text
UPDATE noark_item SET series = :series, year = :year, seq = :seq, body = :body WHERE id = :id

-- name: noark_item_file :count
-- Its file, once.
-- in: id int, hash blob, bytes int, mime text, body text, now_us int
UPDATE noark_item SET hash = :hash, bytes = :bytes, mime = :mime, body = :body, version = version + 1, changed_us = :now_us WHERE id = :id AND hash IS NULL AND deleted_us IS NULL

-- name: noark_item_count_up :opt
-- The next number of what lies in it. Locks it.
-- in: id int
-- out: number int
UPDATE noark_item SET numbers = numbers + 1 WHERE id = :id AND deleted_us IS NULL RETURNING numbers

-- name: noark_item_lock :opt
-- Lock it before a change.
-- in: id int
-- out: version int, body text, seq int?, bytes int?
SELECT version, body, seq, bytes FROM noark_item WHERE id = :id AND deleted_us IS NULL
-- postgres:
FOR UPDATE

-- name: noark_item_is_final :opt
-- Whether it is finished (law 8). Locks it: finishing it and a change of what belongs to it wait for each other.
-- in: id int
-- out: final bool
SELECT final FROM noark_item WHERE id = :id
-- postgres:
FOR UPDATE

-- name: noark_item_empty :count
-- Deleted: its number stays.
-- in: id int, version int, now_us int
UPDATE noark_item SET deleted_us = :now_us, body = '{}', title = NULL, key = NULL, sealed = 0, hash = NULL, bytes = NULL, mime = NULL, version = version + 1 WHERE id = :id AND version = :version AND deleted_us IS NULL

-- name: noark_item_children :one
-- Whether something but its own log lies in it.
-- in: id int
-- out: n int
SELECT count(*) FROM (SELECT 1 FROM noark_item i WHERE i.parent_id = :id AND i.deleted_us IS NULL AND i.type NOT IN (40, 41) LIMIT 1) x

-- name: noark_item_by_key :opt
-- The code, or field of our own, of that name.
-- in: type int, key text
-- out: id int, body text
SELECT id, body FROM noark_item WHERE type = :type AND key = :key AND deleted_us IS NULL

-- name: noark_item_seed :exec
-- A code of the specification, unless there is one.
-- in: id int, type int, key text, body text, now_us int
INSERT INTO noark_item (id, type, fonds_id, unit_id, version, title, key, body, sealed, series, numbers, created_us, changed_us, final)
VALUES (:id, :type, 0, 0, 1, NULL, :key, :body, 0, 0, 0, :now_us, :now_us, 0) ON CONFLICT DO NOTHING

-- name: noark_item_seeded :one
-- How many codes there are.
-- out: n int
SELECT count(*) FROM noark_item WHERE type > 100

-- name: noark_open_within :one
-- Why a case file of ours cannot be closed: registrations that are not finished, documents without a form for the archive, journal
-- entries that came in or are to be followed up and wait, for all or for one of their recipients (6.1.8, 6.1.11, 6.1.12; 3.4.6).
-- in: id int
-- out: unfinished int, formless int, unanswered int
SELECT (SELECT count(*) FROM noark_item g WHERE g.parent_id = :id AND g.type IN (5, 33, 34) AND g.deleted_us IS NULL AND g.finished_us IS NULL),
  (SELECT count(*) FROM noark_item g JOIN noark_item d ON d.parent_id = g.id AND d.type = 6 AND d.deleted_us IS NULL WHERE g.parent_id = :id AND g.type IN (5, 33, 34) AND g.deleted_us IS NULL
    AND NOT EXISTS (SELECT 1 FROM noark_item o WHERE o.parent_id = d.id AND o.type = 7 AND o.deleted_us IS NULL AND o.hash IS NOT NULL AND o.body LIKE '%"variantformat":{"kode":"A"%')),
  (SELECT count(*) FROM noark_item g WHERE g.parent_id = :id AND g.type = 34 AND g.deleted_us IS NULL AND (g.body LIKE '%"journalposttype":{"kode":"I"%' OR g.body LIKE '%"journalposttype":{"kode":"N"%')
    AND NOT EXISTS (SELECT 1 FROM noark_item a WHERE a.parent_id = g.id AND a.type = 31 AND a.deleted_us IS NULL AND NOT EXISTS (SELECT 1 FROM noark_reference r WHERE r.kind = 8 AND r.a_id = a.id))
    AND (NOT EXISTS (SELECT 1 FROM noark_item a WHERE a.parent_id = g.id AND a.type = 31 AND a.deleted_us IS NULL)
      OR EXISTS (SELECT 1 FROM noark_item p WHERE p.parent_id = g.id AND p.type IN (12, 13, 14) AND p.deleted_us IS NULL AND (p.body LIKE '%"korrespondanseparttype":{"kode":"IM"%' OR p.body LIKE '%"korrespondanseparttype":{"kode":"EM"%')
        AND NOT EXISTS (SELECT 1 FROM noark_reference r JOIN noark_item a ON a.id = r.a_id AND a.deleted_us IS NULL WHERE r.kind = 8 AND r.b_id = p.id))))

-- name: noark_above :many
-- An item and what it lies in, the nearest first.
-- in: id int
-- out: id int, type int, finished_us int?, body text
WITH RECURSIVE up (id, parent_id, depth) AS (SELECT i.id, i.parent_id, 0 FROM noark_item i WHERE i.id = :id
  UNION ALL SELECT p.id, p.parent_id, up.depth + 1 FROM up JOIN noark_item p ON p.id = up.parent_id WHERE up.depth < 100)
SELECT i.id, i.type, i.finished_us, i.body FROM up JOIN noark_item i ON i.id = up.id ORDER BY up.depth

-- name: noark_below :many
-- The folders, registrations and documents in an item that are not finished, whoever they lie in before what lies in them.
-- in: id int
-- out: id int, type int, parent_id int, fonds_id int, unit_id int, version int, body text
WITH RECURSIVE down (id, depth) AS (SELECT i.id, 0 FROM noark_item i WHERE i.id = :id
  UNION ALL SELECT c.id, down.depth + 1 FROM down JOIN noark_item c ON c.parent_id = down.id AND c.type IN (5, 6, 16, 33, 34, 36) AND c.deleted_us IS NULL WHERE down.depth < 100)
SELECT i.id, i.type, i.parent_id, i.fonds_id, i.unit_id, i.version, i.body FROM down JOIN noark_item i ON i.id = down.id
WHERE down.depth > 0 AND i.finished_us IS NULL ORDER BY down.depth, i.id

-- name: noark_item_body :count
-- What it takes from what it lies in, if nobody else was first (law 2).
-- in: id int, version int, body text, now_us int
UPDATE noark_item SET version = version + 1, body = :body, changed_us = :now_us WHERE id = :id AND version = :version AND deleted_us IS NULL

-- name: noark_write_offs :many
-- The registrations that an entry writes off or is written off by (avskrivning), by their items.
-- in: id int
-- out: id int
SELECT r.b_id FROM noark_item a JOIN noark_reference r ON r.kind = 7 AND r.a_id = a.id WHERE a.parent_id = :id AND a.type = 31 AND a.deleted_us IS NULL
UNION SELECT a.parent_id FROM noark_reference r JOIN noark_item a ON a.id = r.a_id AND a.deleted_us IS NULL WHERE r.kind = 7 AND r.b_id = :id

-- name: noark_writes_off_for :one
-- How many avskrivninger are for this recipient alone.
-- in: id int
-- out: n int
SELECT count(*) FROM noark_reference WHERE kind = 8 AND b_id = :id

-- name: noark_reference_add :count
-- Refer to it, once.
-- in: kind int, a_id int, b_id int
INSERT INTO noark_reference (kind, a_id, b_id) VALUES (:kind, :a_id, :b_id) ON CONFLICT DO NOTHING

-- name: noark_reference_remove :count
-- No longer.
-- in: kind int, a_id int, b_id int
DELETE FROM noark_reference WHERE kind = :kind AND a_id = :a_id AND b_id = :b_id

-- name: noark_reference_drop :exec
-- It is gone: so is what refers to it.
-- in: id int
DELETE FROM noark_reference WHERE a_id = :id OR b_id = :id

-- name: noark_item_reseal_after :many
-- Bodies with a sealed value, for the rotation of keys.
-- in: after int, limit int
-- out: id int, body text
SELECT id, body FROM noark_item WHERE id > :after AND sealed = 1 ORDER BY id LIMIT :limit

-- name: noark_item_reseal :exec
-- The same under the new key.
-- in: id int, body text
UPDATE noark_item SET body = :body WHERE id = :id

-- name: noark_erase_items :exec
-- What hung on a case file that has been disposed of (law 10).
-- in: casefile_id int
DELETE FROM noark_item WHERE casefile_id = :casefile_id

-- ---- who may use it ----

-- name: noark_client_get :opt
-- A program by its id or its user name.
-- in: id int, name text?
-- out: id int, name text, client text, unit_id int, unit_key text, unit_name text, secret blob
SELECT c.id, c.name, c.client, c.unit_id, u.key, u.name, c.secret FROM noark_client c JOIN unit u ON u.id = c.unit_id WHERE (c.id = :id OR c.name = :name) AND c.active = 1

-- name: noark_client_put :exec
-- A program; its password and unit anew when there is one of that name.
-- in: id int, name text, client text, unit_id int, secret blob, now_us int
INSERT INTO noark_client (id, name, client, unit_id, secret, active, created_us) VALUES (:id, :name, :client, :unit_id, :secret, 1, :now_us)
ON CONFLICT (name) DO UPDATE SET client = excluded.client, unit_id = excluded.unit_id, secret = excluded.secret, active = 1

-- name: noark_app_get :opt
-- A program that employees use in their own name.
-- in: client text
-- out: id int, name text, redirects text
SELECT id, name, redirects FROM noark_app WHERE client = :client AND active = 1

-- name: noark_app_put :exec
-- Such a program; named and addressed anew when it is known.
-- in: id int, client text, name text, redirects text, now_us int
INSERT INTO noark_app (id, client, name, redirects, active, created_us) VALUES (:id, :client, :name, :redirects, 1, :now_us)
ON CONFLICT (client) DO UPDATE SET name = excluded.name, redirects = excluded.redirects, active = 1

-- name: noark_app_end :count
-- It is taken away.
-- in: client text
UPDATE noark_app SET active = 0 WHERE client = :client AND active = 1

-- name: noark_app_end_grants :exec
-- What employees allowed it ends.
-- in: client text
DELETE FROM noark_grant WHERE app_id IN (SELECT id FROM noark_app WHERE client = :client)

-- name: noark_grant_add :exec
-- An employee allows a program.
-- in: id int, app_id int, session_id int, employee_id int, unit_key text, code blob, challenge text, redirect text, nonce text?, openid bool, now_us int, ends_us int
INSERT INTO noark_grant (id, app_id, session_id, employee_id, unit_key, code, used, challenge, redirect, nonce, openid, turn, created_us, ends_us)
VALUES (:id, :app_id, :session_id, :employee_id, :unit_key, :code, 0, :challenge, :redirect, :nonce, :openid, 1, :now_us, :ends_us)

-- name: noark_grant_by_code :opt
-- What a code stands for. Locks it.
-- in: code blob
-- out: id int, client text, used bool, challenge text, redirect text, created_us int
SELECT g.id, a.client, g.used, g.challenge, g.redirect, g.created_us FROM noark_grant g JOIN noark_app a ON a.id = g.app_id WHERE g.code = :code
-- postgres:
FOR UPDATE OF g

-- name: noark_grant_use :exec
-- Its code has been exchanged.
-- in: id int
UPDATE noark_grant SET used = 1 WHERE id = :id

-- name: noark_grant_get :opt
-- A grant that holds: its code was exchanged, its program is there, its time is not out. Its login is, or it would be gone.
-- in: id int, now_us int
-- out: client text, employee_id int, unit_key text, code blob, nonce text?, openid bool, turn int, created_us int, ends_us int
SELECT a.client, g.employee_id, g.unit_key, g.code, g.nonce, g.openid, g.turn, g.created_us, g.ends_us FROM noark_grant g JOIN noark_app a ON a.id = g.app_id
WHERE g.id = :id AND g.used = 1 AND a.active = 1 AND g.ends_us > :now_us

-- name: noark_grant_turn :count
-- Refreshed: the refresh token that was used holds no more.
-- in: id int, turn int
UPDATE noark_grant SET turn = turn + 1 WHERE id = :id AND turn = :turn

-- name: noark_grant_end :exec
-- It is over.
-- in: id int
DELETE FROM noark_grant WHERE id = :id

-- name: noark_guess_get :one
-- When a password may be tried again, and whether wrong ones were.
-- in: named blob, place blob
-- out: until_us int, n int
SELECT coalesce(max(until_us), 0), count(*) FROM noark_guess WHERE key IN (:named, :place)

-- name: noark_guess_add :one
-- A wrong one more. The first ones are free, then each makes the wait longer.
-- in: key blob, free int, now_us int, forget_us int, step_us int, most_us int
-- out: tries int
INSERT INTO noark_guess (key, tries, last_us, until_us) VALUES (:key, 1, :now_us, 0)
ON CONFLICT (key) DO UPDATE SET
  until_us = CASE WHEN noark_guess.last_us < :forget_us OR noark_guess.tries < :free THEN 0
    WHEN :step_us * (noark_guess.tries - :free + 1) > :most_us THEN :now_us + :most_us ELSE :now_us + :step_us * (noark_guess.tries - :free + 1) END,
  tries = CASE WHEN noark_guess.last_us < :forget_us THEN 1 ELSE noark_guess.tries + 1 END, last_us = :now_us
RETURNING tries

-- name: noark_guess_clear :exec
-- The right one.
-- in: key blob
DELETE FROM noark_guess WHERE key = :key

-- name: noark_guess_sweep :exec
-- Long ago.
-- in: before_us int
DELETE FROM noark_guess WHERE last_us < :before_us

-- ---- files in pieces ----

-- name: noark_upload_add :exec
-- A file begins.
-- in: id int, client_id int, item_type int, item_id int, mime text, bytes int, now_us int
INSERT INTO noark_upload (id, client_id, item_type, item_id, mime, bytes, received, created_us) VALUES (:id, :client_id, :item_type, :item_id, :mime, :bytes, 0, :now_us)

-- name: noark_upload_get :opt
-- How far it has come.
-- in: id int, client_id int
-- out: item_type int, item_id int, mime text, bytes int, received int
SELECT item_type, item_id, mime, bytes, received FROM noark_upload WHERE id = :id AND client_id = :client_id

-- name: noark_upload_more :count
-- A piece has come after those there were.
-- in: id int, received int, more int
UPDATE noark_upload SET received = received + :more WHERE id = :id AND received = :received

-- name: noark_upload_end :exec
-- It is complete.
-- in: id int
DELETE FROM noark_upload WHERE id = :id

-- name: noark_upload_old :many
-- Begun long ago and never ended.
-- in: before_us int
-- out: id int
SELECT id FROM noark_upload WHERE created_us < :before_us LIMIT 100

-- name: noark_fonds :opt
-- The archive of the house.
-- out: id int, uuid text
SELECT id, uuid FROM record_fonds WHERE closed_us IS NULL AND created_us = (SELECT max(n.created_us) FROM record_fonds n WHERE n.closed_us IS NULL) LIMIT 1

-- name: noark_fonds_of :opt
-- The archive with that systemID.
-- in: uuid text
-- out: id int
SELECT id FROM record_fonds WHERE uuid = :uuid

-- name: noark_item_retype :exec
-- What lies in an entity that was extended knows its new type.
-- in: parent_id int, type int
UPDATE noark_item SET parent_type = :type WHERE parent_id = :parent_id

-- name: noark_documents_final :exec
-- With a registration its documents are finished, and with a document its forms.
-- in: id int, now_us int
UPDATE noark_item SET final = 1, finished_us = coalesce(finished_us, :now_us) WHERE final = 0 AND deleted_us IS NULL AND type IN (6, 7)
  AND (parent_id = :id OR parent_id IN (SELECT d.id FROM noark_item d WHERE d.parent_id = :id AND d.type = 6))

-- name: noark_documents_without :one
-- Documents of a registration, or forms of a document, that have no file.
-- in: id int
-- out: n int
SELECT (SELECT count(*) FROM noark_item o WHERE o.parent_id = :id AND o.type = 7 AND o.deleted_us IS NULL AND o.hash IS NULL)
  + (SELECT count(*) FROM noark_item d WHERE d.parent_id = :id AND d.type = 6 AND d.deleted_us IS NULL AND NOT EXISTS (SELECT 1 FROM noark_item o WHERE o.parent_id = d.id AND o.type = 7 AND o.deleted_us IS NULL AND o.hash IS NOT NULL))

-- name: noark_has_system :one
-- Whether a series has a classification system.
-- in: id int
-- out: n int
SELECT count(*) FROM noark_item WHERE parent_id = :id AND type = 9 AND deleted_us IS NULL

-- name: noark_item_delete :count
-- Deleted, if nobody else was first: it had no number.
-- in: id int, version int
DELETE FROM noark_item WHERE id = :id AND version = :version AND seq IS NULL

-- name: noark_newest_object :one
-- The form of a document of the house that came last.
-- in: document_id int
-- out: id int
SELECT id FROM record_object WHERE document_id = :document_id ORDER BY number DESC LIMIT 1

-- name: noark_items_of_casefile :many
-- What hangs on a case file.
-- in: casefile_id int
-- out: id int
SELECT id FROM noark_item WHERE casefile_id = :casefile_id

-- name: noark_files_with :one
-- How many words of files begin so, as far as one counts: how to search, never what is found.
-- in: lo text, hi text, most int
-- out: n int
SELECT count(*) FROM (SELECT 1 FROM search_term WHERE kind = 'document' AND term >= :lo AND term < :hi LIMIT :most) x

-- name: noark_search_drop :exec
-- It is found no more.
-- in: id int
DELETE FROM search_term WHERE kind = 'noark' AND ref = :id
