-- Reads the record for what is not in the journal yet; the public reads journal_entry alone.

-- Her own matter, or one of somebody she may act for: then she does not decide what the public reads of it (law 7).
-- fragment: journal_own(registration, record)
(EXISTS (SELECT 1 FROM casefile w WHERE w.record_id = @record@ AND @own_case(w.id, :own_party, :now_us)@)
  OR EXISTS (SELECT 1 FROM record_party y WHERE y.registration_id = @registration@ AND y.party_id = :own_party))

-- name: journal_last :one
-- The last registration that has an entry.
-- out: sort int
SELECT coalesce(max(sort), 0) FROM journal_entry

-- name: journal_new :many
-- Registrations with a number behind that one. Numbers are given in the order of commits, so none comes late.
-- in: after_year int, after_seq int, limit int
-- out: id int, record_id int, kind int, year int, seq int, disposed bool
SELECT r.id, r.casefile_id, r.kind, r.journal_year, r.journal_seq, CASE WHEN c.disposal_id IS NULL THEN 0 ELSE 1 END
FROM record_registration r JOIN record_casefile c ON c.id = r.casefile_id
WHERE (r.journal_year, r.journal_seq) > (:after_year, :after_seq) ORDER BY r.journal_year, r.journal_seq LIMIT :limit

-- name: journal_begin :exec
-- An entry that nothing is shown of yet.
-- in: registration_id int
INSERT INTO journal_entry (registration_id, record_id, state, sort, kind, day, document_day, number, casefile_year, casefile_seq, unit_id, casefile_title, title, who, who_person, name_words, access_code, access_basis, doubts, reason)
SELECT r.id, r.casefile_id, 0, r.journal_year * 1000000000 + r.journal_seq, r.kind, 0, 0, r.number, coalesce(c.year, 0), coalesce(c.seq, 0), r.unit_id, '', '', '', 0, '', '', '', 0, ''
FROM record_registration r JOIN record_casefile c ON c.id = r.casefile_id
WHERE r.id = :registration_id
ON CONFLICT (registration_id) DO NOTHING

-- name: journal_ready :many
-- Entries whose registration is finished now, and its case file.
-- in: limit int
-- out: id int, record_id int, kind int, title text, public_title text, access_code text, access_basis text, document_us int, created_us int, replaces_id int?, casefile_title text, casefile_access_code text, casefile_access_basis text, class_key text, service_version_id int?, party text, party_person bool
SELECT r.id, r.casefile_id, r.kind, r.title, r.public_title, r.access_code, r.access_basis, r.document_us, r.created_us, r.replaces_id, c.public_title, c.access_code, c.access_basis, k.key, f.service_version_id,
  coalesce(p.name, ''), CASE WHEN p.kind = 1 THEN 1 ELSE 0 END
FROM journal_entry e JOIN record_registration r ON r.id = e.registration_id JOIN record_casefile c ON c.id = r.casefile_id JOIN record_class k ON k.id = c.class_id
LEFT JOIN casefile f ON f.record_id = c.id LEFT JOIN party p ON p.id = f.party_id
WHERE e.state = 0 AND r.finished_us IS NOT NULL ORDER BY e.sort LIMIT :limit

-- name: journal_source :opt
-- The same of one entry, for the one who decides.
-- in: id int, own_party int, now_us int
-- out: title text, public_title text, casefile_title text, casefile_public_title text, replaces_id int?, service_version_id int?, party_id int?, party text, party_person bool, own bool
SELECT r.title, r.public_title, c.title, c.public_title, r.replaces_id, f.service_version_id, f.party_id, coalesce(p.name, ''), CASE WHEN p.kind = 1 THEN 1 ELSE 0 END,
  CASE WHEN @journal_own(r.id, r.casefile_id)@ THEN 1 ELSE 0 END
FROM record_registration r JOIN record_casefile c ON c.id = r.casefile_id LEFT JOIN casefile f ON f.record_id = c.id LEFT JOIN party p ON p.id = f.party_id
WHERE r.id = :id AND c.disposal_id IS NULL

-- name: journal_correspondents :many
-- Who is outside; names nobody knows are taken for persons.
-- in: registration_id int
-- out: role int, party_id int?, name text, person bool, protected bool
SELECT x.role, x.party_id, coalesce(p.name, x.name, ''), CASE WHEN p.kind = 2 THEN 0 ELSE 1 END, coalesce(p.protected, 0)
FROM record_party x LEFT JOIN party p ON p.id = x.party_id WHERE x.registration_id = :registration_id AND x.unit_id IS NULL ORDER BY x.number

-- name: journal_judge :count
-- What the rules say. Only of an entry that nobody has judged.
-- in: id int, state int, day int, document_day int, casefile_title text, title text, who text, who_person bool, name_words text, access_code text, access_basis text, doubts int, now_us int, published_us int?
UPDATE journal_entry SET state = :state, day = :day, document_day = :document_day, casefile_title = :casefile_title, title = :title, who = :who, who_person = :who_person, name_words = :name_words,
  access_code = :access_code, access_basis = :access_basis, doubts = :doubts, judged_us = :now_us, published_us = :published_us WHERE registration_id = :id AND state = 0

-- name: journal_replace :count
-- A correction takes the place of what it corrects.
-- in: id int
UPDATE journal_entry SET state = 4 WHERE registration_id = :id AND state IN (1, 2, 3)

-- name: journal_decide :count
-- What a person decides: published (2) or held back (3).
-- in: id int, from_state int, state int, casefile_title text, title text, who text, who_person bool, name_words text, reason text, employee_id int, now_us int
UPDATE journal_entry SET state = :state, casefile_title = :casefile_title, title = :title, who = :who, who_person = :who_person, name_words = :name_words, reason = :reason, decided_by = :employee_id, decided_us = :now_us,
  published_us = CASE WHEN :state = 2 THEN coalesce(published_us, :now_us) ELSE NULL END WHERE registration_id = :id AND state = :from_state

-- name: journal_get :opt
-- One entry, whatever its state.
-- in: id int
-- out: id int, state int, sort int, kind int, day int, document_day int, number int, casefile_year int, casefile_seq int, unit_key text, unit text, casefile_title text, title text, who text, who_person bool, name_words text, access_code text, access_basis text, doubts int, reason text, published_us int?, decided_us int?, decided_by text
SELECT e.registration_id, e.state, e.sort, e.kind, e.day, e.document_day, e.number, e.casefile_year, e.casefile_seq, u.key, u.name, e.casefile_title, e.title, e.who, e.who_person, e.name_words, e.access_code, e.access_basis, e.doubts, e.reason, e.published_us, e.decided_us, coalesce(b.name, '')
FROM journal_entry e JOIN unit u ON u.id = e.unit_id LEFT JOIN employee b ON b.id = e.decided_by WHERE e.registration_id = :id

-- name: journal_by_number :opt
-- The published entry of that number.
-- in: sort int
-- out: id int
SELECT registration_id FROM journal_entry WHERE sort = :sort AND state = 2

-- name: journal_page :many
-- Published entries, newest first, before that number.
-- in: before int, limit int
-- out: id int, sort int, kind int, day int, document_day int, number int, casefile_year int, casefile_seq int, unit_key text, unit text, casefile_title text, title text, who text, access_code text, access_basis text, published_us int
SELECT e.registration_id, e.sort, e.kind, e.day, e.document_day, e.number, e.casefile_year, e.casefile_seq, u.key, u.name, e.casefile_title, e.title, e.who, e.access_code, e.access_basis, e.published_us
FROM journal_entry e JOIN unit u ON u.id = e.unit_id WHERE e.state = 2 AND e.sort < :before ORDER BY e.sort DESC LIMIT :limit

-- name: journal_of_day :many
-- The same of one day.
-- in: day int, before int, limit int
-- out: id int, sort int, kind int, day int, document_day int, number int, casefile_year int, casefile_seq int, unit_key text, unit text, casefile_title text, title text, who text, access_code text, access_basis text, published_us int
SELECT e.registration_id, e.sort, e.kind, e.day, e.document_day, e.number, e.casefile_year, e.casefile_seq, u.key, u.name, e.casefile_title, e.title, e.who, e.access_code, e.access_basis, e.published_us
FROM journal_entry e JOIN unit u ON u.id = e.unit_id WHERE e.state = 2 AND e.day = :day AND e.sort < :before ORDER BY e.sort DESC LIMIT :limit

-- name: journal_search :many
-- The same with these words.
-- in: lo text, hi text, lo2 text, hi2 text, lo3 text, hi3 text, before int, limit int
-- out: id int, sort int, kind int, day int, document_day int, number int, casefile_year int, casefile_seq int, unit_key text, unit text, casefile_title text, title text, who text, access_code text, access_basis text, published_us int
SELECT DISTINCT e.registration_id, e.sort, e.kind, e.day, e.document_day, e.number, e.casefile_year, e.casefile_seq, u.key, u.name, e.casefile_title, e.title, e.who, e.access_code, e.access_basis, e.published_us
FROM search_term t JOIN journal_entry e ON e.registration_id = t.ref JOIN unit u ON u.id = e.unit_id
WHERE t.kind = 'journal' AND t.term >= :lo AND t.term < :hi AND e.state = 2 AND e.sort < :before
  AND (:lo2 = '' OR EXISTS (SELECT 1 FROM search_term x WHERE x.kind = 'journal' AND x.ref = t.ref AND x.term >= :lo2 AND x.term < :hi2))
  AND (:lo3 = '' OR EXISTS (SELECT 1 FROM search_term x WHERE x.kind = 'journal' AND x.ref = t.ref AND x.term >= :lo3 AND x.term < :hi3))
ORDER BY e.sort DESC LIMIT :limit

-- name: journal_word_count :one
-- How many entries have a word that begins so, up to a limit.
-- in: lo text, hi text, limit int
-- out: n int
SELECT count(*) FROM (SELECT 1 FROM search_term WHERE kind = 'journal' AND term >= :lo AND term < :hi LIMIT :limit) x

-- name: journal_search_broad :many
-- As journal_search for words that many entries have: entries are looked through from the newest on.
-- in: lo text, hi text, lo2 text, hi2 text, lo3 text, hi3 text, before int, limit int
-- out: id int, sort int, kind int, day int, document_day int, number int, casefile_year int, casefile_seq int, unit_key text, unit text, casefile_title text, title text, who text, access_code text, access_basis text, published_us int
SELECT e.registration_id, e.sort, e.kind, e.day, e.document_day, e.number, e.casefile_year, e.casefile_seq, u.key, u.name, e.casefile_title, e.title, e.who, e.access_code, e.access_basis, e.published_us
FROM journal_entry e JOIN unit u ON u.id = e.unit_id WHERE e.state = 2 AND e.sort < :before
  AND EXISTS (SELECT 1 FROM search_term x WHERE x.kind = 'journal' AND x.ref = e.registration_id AND x.term >= :lo AND x.term < :hi)
  AND (:lo2 = '' OR EXISTS (SELECT 1 FROM search_term x WHERE x.kind = 'journal' AND x.ref = e.registration_id AND x.term >= :lo2 AND x.term < :hi2))
  AND (:lo3 = '' OR EXISTS (SELECT 1 FROM search_term x WHERE x.kind = 'journal' AND x.ref = e.registration_id AND x.term >= :lo3 AND x.term < :hi3))
ORDER BY e.sort DESC LIMIT :limit

-- name: journal_feed :many
-- What was published last.
-- in: limit int
-- out: id int, sort int, kind int, day int, document_day int, number int, casefile_year int, casefile_seq int, unit_key text, unit text, casefile_title text, title text, who text, access_code text, access_basis text, published_us int
SELECT e.registration_id, e.sort, e.kind, e.day, e.document_day, e.number, e.casefile_year, e.casefile_seq, u.key, u.name, e.casefile_title, e.title, e.who, e.access_code, e.access_basis, e.published_us
FROM journal_entry e JOIN unit u ON u.id = e.unit_id WHERE e.state = 2 ORDER BY e.published_us DESC LIMIT :limit

-- name: journal_waiting :many
-- Entries that wait for a person, the oldest first; or those held back, the newest first.
-- in: state int, own_party int, now_us int, limit int
-- out: id int, sort int, kind int, day int, title text, casefile_title text, doubts int, reason text
SELECT e.registration_id, e.sort, e.kind, e.day, e.title, e.casefile_title, e.doubts, e.reason FROM journal_entry e WHERE e.state = :state AND NOT @journal_own(e.registration_id, e.record_id)@
ORDER BY CASE WHEN :state = 1 THEN e.sort ELSE -e.sort END LIMIT :limit

-- name: journal_waiting_n :one
-- How many wait.
-- in: own_party int, now_us int
-- out: n int
SELECT count(*) FROM journal_entry e WHERE e.state = 1 AND NOT @journal_own(e.registration_id, e.record_id)@

-- name: journal_old_names :many
-- Entries older than that day that still have a name of a person.
-- in: before_day int, limit int
-- out: id int, casefile_title text, title text, who text, who_person bool, name_words text
SELECT registration_id, casefile_title, title, who, who_person, name_words FROM journal_entry WHERE (who_person = 1 OR name_words <> '') AND day < :before_day AND day > 0 ORDER BY day LIMIT :limit

-- name: journal_forget_name :count
-- The entry without it.
-- in: id int, casefile_title text, title text, who text
UPDATE journal_entry SET casefile_title = :casefile_title, title = :title, who = :who, who_person = 0, name_words = '' WHERE registration_id = :id

-- name: journal_of_casefile :many
-- The entries of a case file, for erasing.
-- in: casefile_id int
-- out: id int
SELECT e.registration_id FROM journal_entry e JOIN casefile f ON f.record_id = e.record_id WHERE f.id = :casefile_id

-- name: journal_remove :exec
-- An entry, whose case file is erased.
-- in: id int
DELETE FROM journal_entry WHERE registration_id = :id

-- name: journal_unmatched :one
-- For verify: published without a registration that is finished, or of a kind that never is; words behind which nothing is public.
-- out: wrong int, words int
SELECT (SELECT count(*) FROM journal_entry e JOIN record_registration r ON r.id = e.registration_id JOIN record_casefile c ON c.id = r.casefile_id
    WHERE e.state = 2 AND (r.finished_us IS NULL OR r.kind NOT IN (1, 2) OR c.disposal_id IS NOT NULL OR e.published_us IS NULL)),
  (SELECT count(*) FROM search_term t WHERE t.kind = 'journal' AND NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.registration_id = t.ref AND e.state = 2))

-- name: journal_out_mark :exec
-- Something happened to an entry: it is told to the national service, once it may be.
-- in: id int
INSERT INTO journal_out (registration_id, record_id, changed, sent, tries, next_us, error) SELECT e.registration_id, e.record_id, 1, 0, 0, 0, '' FROM journal_entry e WHERE e.registration_id = :id AND e.state = 2
ON CONFLICT (registration_id) DO UPDATE SET changed = journal_out.changed + 1, next_us = 0

-- name: journal_out_mark_gone :exec
-- The same of an entry that is not public any more.
-- in: id int
UPDATE journal_out SET changed = changed + 1, next_us = 0 WHERE registration_id = :id

-- name: journal_out_untold :exec
-- The service never heard of it.
-- in: id int
DELETE FROM journal_out WHERE registration_id = :id AND sent = 0 AND tries = 0

-- name: journal_out_next :many
-- What waits and may be tried, the longest first.
-- in: now_us int, limit int
-- out: id int, record_id int, changed int, sent int, tries int
SELECT registration_id, record_id, changed, sent, tries FROM journal_out WHERE sent < changed AND next_us <= :now_us ORDER BY next_us, registration_id LIMIT :limit

-- name: journal_out_claim :count
-- One try: nobody else tries it before next_us.
-- in: id int, now_us int, next_us int
UPDATE journal_out SET tries = tries + 1, next_us = :next_us WHERE registration_id = :id AND sent < changed AND next_us <= :now_us

-- name: journal_out_sent :exec
-- The service has got it.
-- in: id int, changed int, now_us int
UPDATE journal_out SET sent = :changed, tries = 0, next_us = 0, error = '', sent_us = :now_us WHERE registration_id = :id

-- name: journal_out_gone :exec
-- It is not there any more.
-- in: id int, changed int
DELETE FROM journal_out WHERE registration_id = :id AND changed = :changed

-- name: journal_out_failed :exec
-- What became of the try.
-- in: id int, error text
UPDATE journal_out SET error = :error WHERE registration_id = :id

-- name: journal_out_again :exec
-- All that waits is tried at once.
UPDATE journal_out SET next_us = 0 WHERE sent < changed

-- name: journal_out_place :opt
-- Where the case file of a record lies, its newest entry that is public, and the title the service was told.
-- in: record_id int
-- out: uuid text, owner text, series_id int, series text, newest_id int?, title_hash text
SELECT f.uuid, f.title, s.id, s.title, (SELECT e.registration_id FROM journal_entry e WHERE e.record_id = c.id AND e.state = 2 ORDER BY e.sort DESC LIMIT 1), coalesce(o.title_hash, '')
FROM record_casefile c JOIN record_series s ON s.id = c.series_id JOIN record_fonds f ON f.id = s.fonds_id LEFT JOIN journal_out_casefile o ON o.record_id = c.id WHERE c.id = :record_id

-- name: journal_out_titled :exec
-- The service was told this title.
-- in: record_id int, title_hash text
INSERT INTO journal_out_casefile (record_id, title_hash) VALUES (:record_id, :title_hash) ON CONFLICT (record_id) DO UPDATE SET title_hash = excluded.title_hash

-- name: journal_out_untitled :exec
-- Whether the service knows the case file, and by which title, is not certain.
-- in: record_id int
DELETE FROM journal_out_casefile WHERE record_id = :record_id

-- name: journal_out_waits :one
-- How much waits, and how much of it has failed.
-- out: waits int, failed int
SELECT count(*), coalesce(sum(CASE WHEN error <> '' THEN 1 ELSE 0 END), 0) FROM journal_out WHERE sent < changed

-- name: journal_out_known :one
-- How much there is to be told of, and when the service got the last.
-- out: n int, last_us int?
SELECT count(*), max(sent_us) FROM journal_out

-- name: journal_out_failures :many
-- What failed, the most tried first.
-- in: limit int
-- out: sort int?, tries int, next_us int, error text
SELECT e.sort, o.tries, o.next_us, o.error FROM journal_out o LEFT JOIN journal_entry e ON e.registration_id = o.registration_id AND e.state = 2 WHERE o.sent < o.changed AND o.error <> '' ORDER BY o.tries DESC, o.registration_id LIMIT :limit
