-- name: casefile_search_no :many
-- Numbers that begin so, newest first; no more than the `most` newest are looked at. Where they end is found in the index
-- alone: to SQLite a subquery of so many has no order, and all of them would be asked whether they may be seen before one is shown.
-- in: lo text, hi text, most int, limit int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, no text?, state int, title text, service_version_id int, party_id int?, party_name text?, unit_id int, caseworker_id int?, received_us int, deadline_us int?, unread bool, waiting int, fell bool, sort_us int
SELECT c.id, c.no, c.state, c.title, c.service_version_id, c.party_id, p.name, c.unit_id, c.caseworker_id, c.received_us, c.deadline_us, c.unread, c.waiting, c.fell, c.received_us
-- sqlite:
FROM casefile c LEFT JOIN party p ON p.id = c.party_id
WHERE c.no >= coalesce((SELECT n.no FROM casefile n WHERE n.no >= :lo AND n.no < :hi ORDER BY n.no DESC LIMIT 1 OFFSET :most), :lo) AND c.no < :hi AND @may_see(c.id)@
-- postgres:
FROM (SELECT h.* FROM (SELECT n.* FROM casefile n WHERE n.no >= :lo AND n.no < :hi ORDER BY n.no DESC LIMIT :most) h WHERE @may_see(h.id)@
  ORDER BY h.no DESC LIMIT :limit) c LEFT JOIN party p ON p.id = c.party_id
-- both:
ORDER BY c.no DESC LIMIT :limit

-- name: casefile_search_breadth :one
-- How much there is to look at: case numbers, words of case files and words of names in this range, each counted to `most`.
-- in: lo text, hi text, most int
-- out: numbers int, casefiles int, names int
SELECT (SELECT count(*) FROM (SELECT 1 FROM casefile c WHERE c.no >= :lo AND c.no < :hi LIMIT :most) a),
  (SELECT count(*) FROM (SELECT 1 FROM search_term t WHERE t.kind = 'casefile' AND t.term >= :lo AND t.term < :hi LIMIT :most) b),
  (SELECT count(*) FROM (SELECT 1 FROM search_term t JOIN casefile c ON c.party_id = t.ref WHERE t.kind = 'party' AND t.term >= :lo AND t.term < :hi LIMIT :most) d)

-- name: casefile_search_rarity :one
-- How many words of case files and names there are in this range, counted to `most` together: of the index alone.
-- in: lo text, hi text, most int
-- out: n int
SELECT count(*) FROM (SELECT 1 FROM search_term t WHERE t.kind = 'party' AND t.term >= :lo AND t.term < :hi
  UNION ALL SELECT 1 FROM search_term t WHERE t.kind = 'casefile' AND t.term >= :lo AND t.term < :hi LIMIT :most) a

-- name: casefile_search_party :many
-- Cases of one person.
-- in: party_id int, limit int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, no text?, state int, title text, service_version_id int, party_id int?, party_name text?, unit_id int, caseworker_id int?, received_us int, deadline_us int?, unread bool, waiting int, fell bool, sort_us int
SELECT c.id, c.no, c.state, c.title, c.service_version_id, c.party_id, p.name, c.unit_id, c.caseworker_id, c.received_us, c.deadline_us, c.unread, c.waiting, c.fell, c.received_us
FROM casefile c LEFT JOIN party p ON p.id = c.party_id
WHERE c.party_id = :party_id AND @may_see(c.id)@
ORDER BY c.received_us DESC LIMIT :limit

-- Another word of a search, in the name of a party. Empty: no such word. OFFSET 0 keeps PostgreSQL from reading all names with that
-- word first, to ask them from memory.
-- fragment: casefile_name_has(party_id, lo, hi)
(@lo@ = '' OR EXISTS (SELECT 1 FROM search_term pw WHERE pw.kind = 'party' AND pw.ref = @party_id@ AND pw.term >= @lo@ AND pw.term < @hi@ LIMIT 1 OFFSET 0))

-- Another word of a search, in a case or in the name of its party.
-- fragment: casefile_has_word(casefile_id, party_id, lo, hi)
(@lo@ = '' OR EXISTS (SELECT 1 FROM search_term cw WHERE cw.kind = 'casefile' AND cw.ref = @casefile_id@ AND cw.term >= @lo@ AND cw.term < @hi@ LIMIT 1 OFFSET 0)
  OR @casefile_name_has(@party_id@, @lo@, @hi@)@)

-- What the first word of a search finds, one after the other: it is the beginning of a word of the name of its party (named 1);
-- it stands in the case, newest first; it is the beginning of a word of the case. None looks at more than `most`, whoever asks:
-- one who may see little must not read through everything to be told so. A case may come twice.
-- fragment: casefile_word_hits()
SELECT 1 AS named, id FROM (SELECT n.id FROM search_term w JOIN casefile n ON n.party_id = w.ref WHERE w.kind = 'party' AND w.term >= :lo AND w.term < :hi LIMIT :most) a
UNION ALL
SELECT 0, id FROM (SELECT w.ref AS id FROM search_term w WHERE w.kind = 'casefile' AND w.term = :lo ORDER BY w.sort DESC LIMIT :most) b
UNION ALL
SELECT 0, id FROM (SELECT w.ref AS id FROM search_term w WHERE w.kind = 'casefile' AND w.term > :lo AND w.term < :hi LIMIT :most) d

-- Those whose name has all words of a search: of names alone. Most that lack one are told by the letters their words begin with
-- (search_sort_by_initials).
-- fragment: casefile_parties_named()
SELECT w.ref AS id FROM (SELECT t.ref, t.sort FROM search_term t WHERE t.kind = 'party' AND t.term >= :lo AND t.term < :hi LIMIT :most) w
WHERE (w.sort = 0 OR (w.sort & :initials) = :initials) AND @casefile_name_has(w.ref, :lo2, :hi2)@ AND @casefile_name_has(w.ref, :lo3, :hi3)@

-- Their cases (named 2), before any case is read.
-- fragment: casefile_name_hits()
SELECT 2 AS named, id FROM (SELECT n.id FROM @casefile_parties_named()@ w JOIN casefile n ON n.party_id = w.id LIMIT :most) e

-- name: casefile_search_words :many
-- Case files with several words, in no order; some twice, but not those that all words find in the name.
-- in: lo text, hi text, lo2 text, hi2 text, lo3 text, hi3 text, initials int, most int, limit int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, no text?, state int, title text, service_version_id int, party_id int?, party_name text?, unit_id int, caseworker_id int?, received_us int, deadline_us int?, unread bool, waiting int, fell bool, sort_us int
SELECT c.id, c.no, c.state, c.title, c.service_version_id, c.party_id, p.name, c.unit_id, c.caseworker_id, c.received_us, c.deadline_us, c.unread, c.waiting, c.fell, c.received_us
FROM (SELECT n.id FROM (SELECT named, id FROM @casefile_name_hits()@ x UNION ALL SELECT named, id FROM @casefile_word_hits()@ y) hit CROSS JOIN casefile n
  WHERE n.id = hit.id AND (hit.named = 2
    OR (@casefile_has_word(n.id, n.party_id, :lo2, :hi2)@ AND @casefile_has_word(n.id, n.party_id, :lo3, :hi3)@
      AND NOT (hit.named = 1 AND @casefile_name_has(n.party_id, :lo2, :hi2)@ AND @casefile_name_has(n.party_id, :lo3, :hi3)@)))
  LIMIT :most * 4) found CROSS JOIN casefile c LEFT JOIN party p ON p.id = c.party_id
WHERE c.id = found.id AND @may_see(c.id)@
LIMIT :limit

-- name: casefile_search_names :many
-- Case files of those whose name has all words, in no order; some twice. From each person to the case files, so that neither is
-- looked up twice.
-- in: lo text, hi text, lo2 text, hi2 text, lo3 text, hi3 text, initials int, most int, limit int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, no text?, state int, title text, service_version_id int, party_id int?, party_name text?, unit_id int, caseworker_id int?, received_us int, deadline_us int?, unread bool, waiting int, fell bool, sort_us int
SELECT c.id, c.no, c.state, c.title, c.service_version_id, c.party_id, c.name, c.unit_id, c.caseworker_id, c.received_us, c.deadline_us, c.unread, c.waiting, c.fell, c.received_us
FROM (SELECT n.id, n.no, n.state, n.title, n.service_version_id, n.party_id, p.name, n.unit_id, n.caseworker_id, n.received_us, n.deadline_us, n.unread, n.waiting, n.fell
  FROM @casefile_parties_named()@ w CROSS JOIN party p CROSS JOIN casefile n
  WHERE p.id = w.id AND n.party_id = p.id LIMIT :most) c
WHERE @may_see(c.id)@ LIMIT :limit

-- name: casefile_search_word :many
-- Case files with one word, in no order; some twice. A statement of its own: PostgreSQL has twelve subplans fewer to set up.
-- in: lo text, hi text, most int, limit int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, no text?, state int, title text, service_version_id int, party_id int?, party_name text?, unit_id int, caseworker_id int?, received_us int, deadline_us int?, unread bool, waiting int, fell bool, sort_us int
SELECT c.id, c.no, c.state, c.title, c.service_version_id, c.party_id, p.name, c.unit_id, c.caseworker_id, c.received_us, c.deadline_us, c.unread, c.waiting, c.fell, c.received_us
FROM (SELECT h.id FROM @casefile_word_hits()@ h WHERE @may_see(h.id)@ LIMIT :limit) hit CROSS JOIN casefile c LEFT JOIN party p ON p.id = c.party_id
WHERE c.id = hit.id
