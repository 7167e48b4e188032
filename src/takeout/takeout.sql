-- name: takeout_insert :exec
-- Asked for.
-- in: id int, party_id int, asker_id int, lang int, assurance int, now_us int, until_us int
INSERT INTO takeout (id, party_id, asker_id, lang, assurance, state, asked_us, until_us, cases_done, cases_n, bytes, fetched_n)
VALUES (:id, :party_id, :asker_id, :lang, :assurance, 1, :now_us, :until_us, 0, 0, 0, 0)

-- name: takeout_of_pair :opt
-- What somebody has asked for of one person.
-- in: asker_id int, party_id int
-- out: id int, state int
SELECT id, state FROM takeout WHERE asker_id = :asker_id AND party_id = :party_id

-- name: takeout_row :opt
-- One of them.
-- in: id int
-- out: id int, party_id int, asker_id int, lang int, assurance int, state int, asked_us int, ready_us int?, until_us int, cases_done int, cases_n int, file blob?, bytes int
SELECT id, party_id, asker_id, lang, assurance, state, asked_us, ready_us, until_us, cases_done, cases_n, file, bytes FROM takeout WHERE id = :id

-- name: takeout_of_asker :many
-- What somebody has asked for, newest first.
-- in: asker_id int, now_us int
-- out: id int, party_id int, asker_id int, lang int, assurance int, state int, asked_us int, ready_us int?, until_us int, cases_done int, cases_n int, file blob?, bytes int
SELECT id, party_id, asker_id, lang, assurance, state, asked_us, ready_us, until_us, cases_done, cases_n, file, bytes FROM takeout
WHERE asker_id = :asker_id AND until_us > :now_us ORDER BY asked_us DESC, id

-- name: takeout_held :many
-- What is kept of copies of a person's data, and of those she asked for, newest first.
-- in: party_id int
-- out: party text, asker text, asked_us int, until_us int, fetched_n int
SELECT p.name, a.name, t.asked_us, t.until_us, t.fetched_n FROM takeout t JOIN party p ON p.id = t.party_id JOIN party a ON a.id = t.asker_id
WHERE t.party_id = :party_id OR t.asker_id = :party_id ORDER BY t.asked_us DESC, t.id

-- name: takeout_progress :exec
-- How far it has come.
-- in: id int, done int, n int
UPDATE takeout SET cases_done = :done, cases_n = :n WHERE id = :id AND state = 1

-- name: takeout_ready :count
-- Made. Nothing changes when it has been given up or erased meanwhile.
-- in: id int, now_us int, until_us int, file hash, bytes int
UPDATE takeout SET state = 2, ready_us = :now_us, until_us = :until_us, file = :file, bytes = :bytes, cases_done = cases_n WHERE id = :id AND state = 1

-- name: takeout_failed :exec
-- It could not be made.
-- in: id int
UPDATE takeout SET state = 3 WHERE id = :id AND state = 1

-- name: takeout_fetched :exec
-- It was fetched.
-- in: id int
UPDATE takeout SET fetched_n = fetched_n + 1 WHERE id = :id

-- name: takeout_delete_row :exec
-- It is gone.
-- in: id int
DELETE FROM takeout WHERE id = :id

-- name: takeout_over :many
-- Those whose time is out.
-- in: now_us int, limit int
-- out: id int
SELECT id FROM takeout WHERE until_us <= :now_us ORDER BY until_us LIMIT :limit

-- name: takeout_of_casefile :many
-- Law 10: those that may hold a case file.
-- in: casefile_id int
-- out: id int
SELECT t.id FROM takeout t JOIN casefile c ON c.party_id = t.party_id WHERE c.id = :casefile_id

-- name: takeout_of_party :many
-- Law 10: those about a person, or asked for by her.
-- in: party_id int
-- out: id int
SELECT id FROM takeout WHERE party_id = :party_id UNION SELECT id FROM takeout WHERE asker_id = :party_id
