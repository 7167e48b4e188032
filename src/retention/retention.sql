-- name: retention_ending :opt
-- How the case file of a record ended.
-- in: record_id int
-- out: service_version_id int, outcome int?, withdrawn bool
SELECT c.service_version_id, (SELECT d.outcome FROM decision d WHERE d.casefile_id = c.id AND d.state = 2 ORDER BY d.final_us DESC LIMIT 1),
  EXISTS (SELECT 1 FROM casefile_event v WHERE v.casefile_id = c.id AND v.kind IN ('withdrawn', 'sign_fell'))
FROM casefile c WHERE c.record_id = :record_id

-- name: retention_plan :many
-- What becomes due in a time, by service and rule: numbers alone, no person and no case file is named.
-- in: from_us int, until_us int
-- out: service_key text, title text, retention text, version_id int, n int, held int, first_us int, last_closed_us int
SELECT c.service_key, max(r.title), r.retention, max(c.service_version_id), count(*),
  sum(CASE WHEN EXISTS (SELECT 1 FROM record_hold h WHERE h.casefile_id = r.id AND h.released_us IS NULL) THEN 1 ELSE 0 END), min(r.dispose_us), max(r.closed_us)
FROM record_casefile r JOIN casefile c ON c.record_id = r.id
WHERE r.dispose_us IS NOT NULL AND r.disposal_id IS NULL AND r.dispose_us > :from_us AND r.dispose_us <= :until_us
GROUP BY c.service_key, r.retention ORDER BY c.service_key, r.retention

-- name: retention_next :many
-- The next case files to erase, the longest due first; held ones, and those on no approved list where one is asked for, are passed over.
-- in: now_us int, after_us int, after_id int, limit int
-- out: record_id int, casefile_id int, party_id int?, service_key text, title text, retention text, version_id int, dispose_us int
SELECT r.id, c.id, c.party_id, c.service_key, r.title, r.retention, c.service_version_id, r.dispose_us
FROM record_casefile r JOIN casefile c ON c.record_id = r.id
WHERE r.dispose_us IS NOT NULL AND r.disposal_id IS NULL AND r.dispose_us <= :now_us AND (r.dispose_us, r.id) > (:after_us, :after_id)
  AND NOT EXISTS (SELECT 1 FROM record_hold h WHERE h.casefile_id = r.id AND h.released_us IS NULL)
  AND EXISTS (SELECT 1 FROM retention_may_go g WHERE g.id = r.id)
ORDER BY r.dispose_us, r.id LIMIT :limit

-- name: retention_left_add :exec
-- Its log and its person are still to be done.
-- in: casefile_id int, party_id int, disposal_id int, basis text
INSERT INTO retention_left (casefile_id, party_id, disposal_id, basis) VALUES (:casefile_id, :party_id, :disposal_id, :basis) ON CONFLICT DO NOTHING

-- name: retention_left_signers :exec
-- And those who were asked to sign: one who never answered is not among the correspondents.
-- in: casefile_id int, disposal_id int, basis text
INSERT INTO retention_left (casefile_id, party_id, disposal_id, basis)
SELECT DISTINCT s.casefile_id, s.party_id, :disposal_id, :basis FROM casefile_signer s WHERE s.casefile_id = :casefile_id ON CONFLICT DO NOTHING

-- name: retention_left_wait :exec
-- A person who is bound by nothing that would bring such a row again: of no case any more, for what was seen in it is done.
-- in: party_id int, disposal_id int, basis text
INSERT INTO retention_left (casefile_id, party_id, disposal_id, basis) VALUES (0, :party_id, :disposal_id, :basis)
ON CONFLICT (casefile_id, party_id) DO UPDATE SET disposal_id = :disposal_id, basis = :basis

-- name: retention_left_list :many
-- What is still to be done; casefile_id 0: the person alone.
-- in: after_casefile int, after_party int, limit int
-- out: casefile_id int, party_id int, disposal_id int, basis text
SELECT casefile_id, party_id, disposal_id, basis FROM retention_left
WHERE (casefile_id, party_id) > (:after_casefile, :after_party) ORDER BY casefile_id, party_id LIMIT :limit

-- name: retention_left_count :one
-- How much is still to be done.
-- out: n int
SELECT count(*) FROM retention_left

-- name: retention_left_done :exec
-- Done.
-- in: casefile_id int, party_id int
DELETE FROM retention_left WHERE casefile_id = :casefile_id AND party_id = :party_id

-- name: retention_party_busy :one
-- Whether a person has another matter: a case, also somebody else's that she may see, signs or wrote in; work here; a draft; somebody logged in.
-- Returns: when that case is erased, a row of hers is left again (retention_left_add, retention_left_signers).
-- in: party_id int, now_us int
-- out: busy bool, returns bool
SELECT EXISTS (SELECT 1 FROM casefile_reach r WHERE r.kind = 1 AND r.ref = :party_id) OR EXISTS (SELECT 1 FROM casefile_signer g WHERE g.party_id = :party_id) OR EXISTS (SELECT 1 FROM record_party p WHERE p.party_id = :party_id)
  OR EXISTS (SELECT 1 FROM employee e WHERE e.party_id = :party_id) OR EXISTS (SELECT 1 FROM form_draft f WHERE f.party_id = :party_id AND f.sent_us IS NULL)
  OR EXISTS (SELECT 1 FROM session s WHERE s.party_id = :party_id AND s.ends_us > :now_us) OR EXISTS (SELECT 1 FROM counter_stay t WHERE t.party_id = :party_id AND t.ends_us > :now_us),
  EXISTS (SELECT 1 FROM casefile c WHERE c.party_id = :party_id) OR EXISTS (SELECT 1 FROM casefile_signer g WHERE g.party_id = :party_id) OR EXISTS (SELECT 1 FROM record_party p WHERE p.party_id = :party_id)

-- name: retention_record_lock :opt
-- The record of a case number. Locks it: holding it back and erasing it wait for each other.
-- in: no text
-- out: id int, disposal_id int?
SELECT r.id, r.disposal_id FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.no = :no
-- postgres:
FOR UPDATE OF r

-- name: retention_holds :many
-- What is held back now, the oldest first.
-- in: limit int
-- out: id int, no text, title text, reason text, employee_name text?, put_us int, dispose_us int?
SELECT h.id, c.no, r.title, h.reason, e.name, h.put_us, r.dispose_us
FROM record_hold h JOIN record_casefile r ON r.id = h.casefile_id JOIN casefile c ON c.record_id = r.id LEFT JOIN employee e ON e.id = h.employee_id
WHERE h.released_us IS NULL AND c.no IS NOT NULL ORDER BY h.put_us, h.id LIMIT :limit

-- name: retention_half :one
-- What must be nought: case files whose record is erased; search terms of what is gone.
-- out: casefiles int, terms int
SELECT (SELECT count(*) FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE r.disposal_id IS NOT NULL),
  (SELECT count(*) FROM search_term t WHERE (t.kind = 'casefile' AND NOT EXISTS (SELECT 1 FROM casefile c WHERE c.id = t.ref))
     OR (t.kind = 'party' AND NOT EXISTS (SELECT 1 FROM party p WHERE p.id = t.ref))
     OR (t.kind = 'document' AND NOT EXISTS (SELECT 1 FROM record_object o WHERE o.id = t.ref) AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.user_kind = 'noark_item' AND u.user_id = t.ref)))

-- name: retention_list_add :exec
-- A list for destruction.
-- in: id int, until_us int, casefiles int, employee_id int
INSERT INTO retention_list (id, until_us, casefiles, made_us, made_by) VALUES (:id, :until_us, :casefiles, :until_us, :employee_id)

-- name: retention_list_approve :count
-- Another approves it.
-- in: id int, now_us int, employee_id int
UPDATE retention_list SET approved_us = :now_us, approved_by = :employee_id WHERE id = :id AND approved_us IS NULL

-- name: retention_list_waiting :opt
-- The list that waits for another to approve it.
-- out: id int, until_us int, casefiles int, made_us int, made_by int, name text
SELECT l.id, l.until_us, l.casefiles, l.made_us, l.made_by, coalesce(e.name, '') FROM retention_list l LEFT JOIN employee e ON e.id = l.made_by
WHERE l.approved_us IS NULL ORDER BY l.made_us DESC LIMIT 1

-- name: retention_people_tell :exec
-- Whether two people are asked for, when it is not what the store was told last.
-- in: two bool, now_us int
INSERT INTO retention_people (number, at_us, two)
SELECT m.number + 1, :now_us, :two FROM (SELECT coalesce(max(number), 0) AS number FROM retention_people) m
WHERE coalesce((SELECT p.two FROM retention_people p WHERE p.number = m.number), 0) <> :two

-- name: retention_list_last :many
-- The lists, newest first.
-- in: limit int
-- out: casefiles int, made_us int, made_by text, approved_us int?, approved_by text
SELECT l.casefiles, l.made_us, coalesce(m.name, ''), l.approved_us, coalesce(a.name, '') FROM retention_list l LEFT JOIN employee m ON m.id = l.made_by LEFT JOIN employee a ON a.id = l.approved_by
ORDER BY l.made_us DESC LIMIT :limit
