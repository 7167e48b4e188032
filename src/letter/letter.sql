-- name: letter_insert :exec
-- A new draft.
-- in: id int, casefile_id int, party_id int, decision_id int?, lang int, template_key text, title text, markdown text, adverse int, employee_id int?, author text, created_us int
INSERT INTO letter (id, casefile_id, party_id, decision_id, version, state, channel, lang, template_key, title, markdown, sent_title,
  sent_markdown, score, grade, adverse, has_reasons, has_legal_basis, has_appeal, has_contact, employee_id, author, created_us, pdf_hash,
  pdf_bytes, fail_detail)
VALUES (:id, :casefile_id, :party_id, :decision_id, 1, 0, 0, :lang, :template_key, :title, :markdown, '', '', 0, '', :adverse, 0, 0, 0, 0,
  :employee_id, :author, :created_us, '', 0, '')

-- name: letter_get :one
-- A letter by its id.
-- in: id int
-- out: id int, casefile_id int, party_id int, decision_id int?, registration_id int?, version int, state int, channel int, lang int, template_key text, title text, markdown text, sent_title text, sent_markdown text, score int, grade text, adverse int, author text, created_us int, queued_us int?, send_after_us int?, dispatched_us int?, arrived_us int?, read_us int?, appeal_deadline int?, pdf_hash text, pdf_bytes int, fail_detail text, posted_day int?, pdf_address bool
SELECT id, casefile_id, party_id, decision_id, registration_id, version, state, channel, lang, template_key, title, markdown, sent_title,
  sent_markdown, score, grade, adverse, author, created_us, queued_us, send_after_us, dispatched_us, arrived_us, read_us, appeal_deadline,
  pdf_hash, pdf_bytes, fail_detail, posted_day, pdf_address
FROM letter WHERE id = :id

-- name: letter_of_casefile :many
-- The letters of a case file, newest first.
-- in: casefile_id int
-- out: id int
SELECT id FROM letter WHERE casefile_id = :casefile_id ORDER BY created_us DESC, id

-- name: letter_underway :many
-- Registrations of letters that have left and not arrived.
-- in: casefile_id int, now_us int
-- out: registration_id int?
SELECT registration_id FROM letter WHERE casefile_id = :casefile_id AND registration_id IS NOT NULL AND (arrived_us IS NULL OR arrived_us > :now_us)

-- name: letter_addressed :many
-- The registrations of letters whose PDF shows an address that is protected now, and whose.
-- in: casefile_id int
-- out: registration_id int?, party_id int
SELECT l.registration_id, l.party_id FROM letter l JOIN party p ON p.id = l.party_id
WHERE l.casefile_id = :casefile_id AND l.registration_id IS NOT NULL AND l.pdf_address = 1 AND p.protected = 1

-- name: letter_print_waiting :many
-- Paper letters that wait for printing and are in no batch, oldest first; only those whose case file the viewer may see, and those to
-- a protected address only for those with the right.
-- in: at_most int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int, protected_too bool
-- out: id int, casefile_id int, party_id int, service_version_id int, no text?, title text, recipient text, state int, dispatched_us int, posted_day int?, decision bool, closed bool
SELECT l.id, l.casefile_id, l.party_id, c.service_version_id, c.no, l.sent_title, p.name, l.state, l.dispatched_us, l.posted_day, l.decision_id IS NOT NULL,
  EXISTS (SELECT 1 FROM casefile_question q WHERE q.casefile_id = l.casefile_id AND q.asked_us = l.created_us AND q.closed_us IS NOT NULL)
  OR EXISTS (SELECT 1 FROM casefile_contact h WHERE h.casefile_id = l.casefile_id AND h.at_us = l.created_us AND h.closed_us IS NOT NULL)
FROM letter l JOIN casefile c ON c.id = l.casefile_id JOIN party p ON p.id = l.party_id
WHERE l.state = 3 AND NOT EXISTS (SELECT 1 FROM letter_batch_item i WHERE i.letter_id = l.id) AND @may_see(l.casefile_id)@
  AND (:protected_too = 1 OR p.protected = 0)
ORDER BY l.dispatched_us, l.id LIMIT :at_most

-- Law 7: nobody who works where the case is reached may see a protected address.
-- fragment: nobody_prints(casefile_id, role, now)
NOT EXISTS (SELECT 1 FROM casefile_reach near JOIN employee_unit there ON there.unit_id = near.ref JOIN employee one ON one.id = there.employee_id
  WHERE near.casefile_id = @casefile_id@ AND near.kind = 2 AND near.from_us <= @now@ AND near.until_us > @now@ AND one.active = 1 AND (one.roles & @role@) <> 0
    AND NOT (one.party_id IS NOT NULL AND @own_case(near.casefile_id, one.party_id, @now@)@))

-- name: letter_print_protected :one
-- How many more of them are to a protected address, and how many of these nobody may print.
-- in: viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int, role int
-- out: n int, nobody int
SELECT count(*), coalesce(sum(CASE WHEN @nobody_prints(l.casefile_id, :role, :viewer_now)@ THEN 1 ELSE 0 END), 0) FROM letter l JOIN party p ON p.id = l.party_id
WHERE l.state = 3 AND p.protected = 1 AND NOT EXISTS (SELECT 1 FROM letter_batch_item i WHERE i.letter_id = l.id) AND @may_see(l.casefile_id)@

-- name: letter_print_nobody :many
-- Those that nobody may print, in a batch or not, by unit.
-- in: role int, now_us int
-- out: unit_key text, unit_name text, n int
SELECT u.key, u.name, count(*) FROM letter l JOIN party p ON p.id = l.party_id JOIN casefile c ON c.id = l.casefile_id JOIN unit u ON u.id = c.unit_id
WHERE l.state = 3 AND p.protected = 1 AND @nobody_prints(l.casefile_id, :role, :now_us)@
GROUP BY u.key, u.name ORDER BY u.key

-- name: letter_batch_add :exec
-- A batch.
-- in: id int, employee_id int, unit_id int, now_us int
INSERT INTO letter_batch (id, employee_id, unit_id, made_us) VALUES (:id, :employee_id, :unit_id, :now_us)

-- name: letter_batch_item_add :exec
-- A letter of it.
-- in: batch_id int, number int, letter_id int
INSERT INTO letter_batch_item (batch_id, number, letter_id) VALUES (:batch_id, :number, :letter_id)

-- name: letter_batch_get :opt
-- When it was made, and by whom.
-- in: id int
-- out: made_us int, employee_name text
SELECT b.made_us, e.name FROM letter_batch b JOIN employee e ON e.id = b.employee_id WHERE b.id = :id

-- name: letter_batch_rows :many
-- Its letters in order, and whether the viewer may print each.
-- in: id int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int, protected_too bool
-- out: id int, casefile_id int, party_id int, service_version_id int, no text?, title text, recipient text, state int, dispatched_us int, posted_day int?, decision bool, closed bool, may bool
SELECT l.id, l.casefile_id, l.party_id, c.service_version_id, c.no, l.sent_title, p.name, l.state, l.dispatched_us, l.posted_day, l.decision_id IS NOT NULL,
  EXISTS (SELECT 1 FROM casefile_question q WHERE q.casefile_id = l.casefile_id AND q.asked_us = l.created_us AND q.closed_us IS NOT NULL)
  OR EXISTS (SELECT 1 FROM casefile_contact h WHERE h.casefile_id = l.casefile_id AND h.at_us = l.created_us AND h.closed_us IS NOT NULL),
  @may_see(l.casefile_id)@ AND (:protected_too = 1 OR p.protected = 0)
FROM letter_batch_item i JOIN letter l ON l.id = i.letter_id JOIN casefile c ON c.id = l.casefile_id JOIN party p ON p.id = l.party_id
WHERE i.batch_id = :id ORDER BY i.number

-- name: letter_batches_open :many
-- Batches with a letter that is not posted yet, newest first; only those of which the viewer may print every letter.
-- in: at_most int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int, protected_too bool
-- out: id int
SELECT b.id FROM letter_batch b
WHERE b.id IN (SELECT i.batch_id FROM letter l JOIN letter_batch_item i ON i.letter_id = l.id WHERE l.state = 3)
  AND NOT EXISTS (SELECT 1 FROM letter_batch_item j JOIN letter k ON k.id = j.letter_id JOIN party p ON p.id = k.party_id
    WHERE j.batch_id = b.id AND (NOT @may_see(k.casefile_id)@ OR (:protected_too = 0 AND p.protected = 1)))
ORDER BY b.made_us DESC, b.id LIMIT :at_most

-- name: letter_save :count
-- Change a draft that nobody changed meanwhile.
-- in: id int, version int, title text, markdown text
UPDATE letter SET title = :title, markdown = :markdown, version = version + 1
WHERE id = :id AND version = :version AND state IN (0, 6)

-- name: letter_touch :count
-- Something about a draft changed: its attachments.
-- in: id int, version int
UPDATE letter SET version = version + 1 WHERE id = :id AND version = :version AND state IN (0, 6)

-- name: letter_delete :count
-- Throw a draft away.
-- in: id int, version int
DELETE FROM letter WHERE id = :id AND version = :version AND state IN (0, 6)

-- name: letter_queue :count
-- The caseworker sends it.
-- in: id int, version int, sent_title text, sent_markdown text, score int, grade text, adverse int, has_reasons int, has_legal_basis int, has_appeal int, has_contact int, employee_id int?, author text, now_us int, send_after_us int
UPDATE letter SET state = 1, version = version + 1, sent_title = :sent_title, sent_markdown = :sent_markdown, score = :score,
  grade = :grade, adverse = :adverse, has_reasons = :has_reasons, has_legal_basis = :has_legal_basis, has_appeal = :has_appeal,
  has_contact = :has_contact, employee_id = :employee_id, author = :author, queued_us = :now_us, send_after_us = :send_after_us,
  fail_detail = ''
WHERE id = :id AND version = :version AND state IN (0, 6)

-- name: letter_recall :count
-- Back to a draft, while it has not left.
-- in: id int, version int, now_us int
UPDATE letter SET state = 6, version = version + 1, sent_title = '', sent_markdown = '', grade = '', score = 0, queued_us = NULL,
  send_after_us = NULL
WHERE id = :id AND version = :version AND state = 1 AND send_after_us > :now_us

-- name: letter_fail :count
-- It could not be made or delivered.
-- in: id int, version int, detail text
UPDATE letter SET state = 5, version = version + 1, fail_detail = :detail WHERE id = :id AND version = :version AND state = 1

-- name: letter_requeue :count
-- Try a failed one again.
-- in: id int, version int, now_us int
UPDATE letter SET state = 1, version = version + 1, send_after_us = :now_us, fail_detail = ''
WHERE id = :id AND version = :version AND state = 5

-- name: letter_dispatch :count
-- It has left: delivered, or waiting for printing.
-- in: id int, version int, state int, channel int, registration_id int, now_us int, arrived_us int?, appeal_deadline int?, pdf_hash text, pdf_bytes int, pdf_address bool
UPDATE letter SET state = :state, version = version + 1, channel = :channel, registration_id = :registration_id,
  dispatched_us = :now_us, arrived_us = :arrived_us, appeal_deadline = :appeal_deadline, pdf_hash = :pdf_hash, pdf_bytes = :pdf_bytes,
  pdf_address = :pdf_address
WHERE id = :id AND version = :version AND state = 1

-- name: letter_posted :count
-- It has been given to the post.
-- in: id int, version int, now_us int, posted_day int, arrived_us int, appeal_deadline int?
UPDATE letter SET state = 4, version = version + 1, dispatched_us = :now_us, posted_day = :posted_day, arrived_us = :arrived_us,
  appeal_deadline = :appeal_deadline
WHERE id = :id AND version = :version AND state = 3

-- name: letter_mark_read :count
-- The party opened it; the first time counts.
-- in: id int, now_us int
UPDATE letter SET read_us = :now_us WHERE id = :id AND read_us IS NULL AND state IN (2, 4)

-- name: letter_for_party :many
-- What has come to a party, newest first.
-- in: party_id int, now_us int, at_most int
-- out: id int, casefile_id int, no text?, title text, unit_key text, lang int, arrived_us int, read_us int?, appeal_deadline int?, attachments int
SELECT l.id, l.casefile_id, c.no, l.sent_title, u.key, l.lang, l.arrived_us, l.read_us, l.appeal_deadline,
  (SELECT count(*) FROM letter_attachment a WHERE a.letter_id = l.id)
FROM letter l JOIN casefile c ON c.id = l.casefile_id JOIN unit u ON u.id = c.unit_id
WHERE l.party_id = :party_id AND l.arrived_us <= :now_us AND l.state IN (2, 4)
ORDER BY l.arrived_us DESC, l.id LIMIT :at_most

-- name: letter_unread :one
-- How many the party has not opened.
-- in: party_id int, now_us int
-- out: n int
SELECT count(*) FROM letter WHERE party_id = :party_id AND arrived_us <= :now_us AND state IN (2, 4) AND read_us IS NULL

-- name: letter_attachment_insert :exec
-- One more thing that goes with it.
-- in: id int, letter_id int, name text, mime text, file hash, bytes int
INSERT INTO letter_attachment (id, letter_id, number, name, mime, file, bytes)
VALUES (:id, :letter_id, (SELECT coalesce(max(a.number), 0) + 1 FROM letter_attachment a WHERE a.letter_id = :letter_id), :name, :mime,
  :file, :bytes)

-- name: letter_attachment_delete :count
-- Take it away again.
-- in: id int, letter_id int
DELETE FROM letter_attachment WHERE id = :id AND letter_id = :letter_id

-- name: letter_attachments :many
-- What goes with a letter, in order.
-- in: letter_id int
-- out: id int, number int, name text, mime text, file hash, bytes int
SELECT id, number, name, mime, file, bytes FROM letter_attachment WHERE letter_id = :letter_id ORDER BY number

-- name: letter_casefile_of_application :one
-- Which case file an application began.
-- in: registration_id int
-- out: id int, record_id int
SELECT id, record_id FROM casefile WHERE application_id = :registration_id

-- name: letter_verify_counts :one
-- What must be nought: queued letters without a job; letters that have left without a finished and numbered registration and
-- its PDF; letters on their way without a hold on their case file; applications that wait for a PDF nobody makes.
-- out: lost int, unrecorded int, unheld int, unmade int
SELECT (SELECT count(*) FROM letter l WHERE l.state = 1 AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'letter'
    AND j.key = CAST(l.id AS text) || '-' || CAST(l.version AS text) AND j.state IN (0, 1))),
  (SELECT count(*) FROM letter l WHERE l.state IN (2, 3, 4) AND NOT EXISTS (SELECT 1 FROM record_registration r
    JOIN record_document d ON d.registration_id = r.id JOIN record_object o ON o.document_id = d.id
    WHERE r.id = l.registration_id AND r.finished_us IS NOT NULL AND r.journal_seq IS NOT NULL AND o.variant = 2)),
  (SELECT count(*) FROM letter l WHERE l.state IN (1, 3, 5) AND NOT EXISTS (SELECT 1 FROM casefile_hold h
    WHERE h.casefile_id = l.casefile_id AND h.kind = 'letter' AND h.ref = l.id AND h.released_us IS NULL)),
  (SELECT count(*) FROM casefile c JOIN record_registration r ON r.id = c.application_id WHERE r.finished_us IS NULL
    AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'casefile_pdf' AND j.key = CAST(r.id AS text) AND j.state <> 2))

-- name: letter_erase_attachment_ids :many
-- Law 10: the attachments of the letters of a case file that has been disposed of.
-- in: casefile_id int
-- out: id int
SELECT a.id FROM letter_attachment a JOIN letter l ON l.id = a.letter_id WHERE l.casefile_id = :casefile_id

-- name: letter_erase_attachments :exec
-- Their rows.
-- in: casefile_id int
DELETE FROM letter_attachment WHERE letter_id IN (SELECT l.id FROM letter l WHERE l.casefile_id = :casefile_id)

-- name: letter_erase_rows :exec
-- And the letters.
-- in: casefile_id int
DELETE FROM letter WHERE casefile_id = :casefile_id
