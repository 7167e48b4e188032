-- name: search_delete :exec
-- Forget the words of a thing.
-- in: kind text, ref int
DELETE FROM search_term WHERE kind = :kind AND ref = :ref

-- name: search_insert :exec
-- The words of a thing, as a JSON list without doubles.
-- in: kind text, ref int, sort int, terms text
-- sqlite:
INSERT INTO search_term (kind, ref, term, sort) SELECT :kind, :ref, value, :sort FROM json_each(:terms)
-- postgres:
INSERT INTO search_term (kind, ref, term, sort)
SELECT :kind, :ref, t, :sort FROM json_array_elements_text(CAST(:terms AS json)) AS t

-- name: search_find :many
-- Things of a kind that have a word with each of the beginnings (lo, hi; both empty: no further word), by sort.
-- in: kind text, lo text, hi text, lo2 text, hi2 text, lo3 text, hi3 text, lo4 text, hi4 text, at_most int
-- out: ref int
SELECT t.ref FROM search_term t
WHERE t.kind = :kind AND t.term >= :lo AND t.term < :hi
  AND (:lo2 = '' OR EXISTS (SELECT 1 FROM search_term x
                            WHERE x.kind = :kind AND x.ref = t.ref AND x.term >= :lo2 AND x.term < :hi2))
  AND (:lo3 = '' OR EXISTS (SELECT 1 FROM search_term x
                            WHERE x.kind = :kind AND x.ref = t.ref AND x.term >= :lo3 AND x.term < :hi3))
  AND (:lo4 = '' OR EXISTS (SELECT 1 FROM search_term x
                            WHERE x.kind = :kind AND x.ref = t.ref AND x.term >= :lo4 AND x.term < :hi4))
GROUP BY t.ref, t.sort ORDER BY t.sort DESC, t.ref LIMIT :at_most
