-- Law 7: who may see a case file. Every list, search, count, export and get asks this, and nothing else decides. OFFSET 0 keeps
-- PostgreSQL from turning it into a join: it would begin with everything a unit reaches to show the fifty of a page.
-- fragment: may_see(casefile_id)
(EXISTS (SELECT 1 FROM casefile_reach may WHERE may.casefile_id = @casefile_id@ AND may.kind = :viewer_kind AND may.ref IN :viewer_refs AND may.from_us <= :viewer_now AND may.until_us > :viewer_now LIMIT 1 OFFSET 0)
 AND NOT (:viewer_kind IN (2, 3) AND :viewer_party <> 0 AND @casefile_id@ IN (SELECT own.id FROM @own_cases(:viewer_party, :viewer_now)@ own)))

-- Law 7: a case that this person never handles as an employee: their own, one they see by a mandate, one they sign; and one of a
-- child or an organisation that a register has named them for, seen by them or not, until a register no longer says it. CROSS JOIN:
-- SQLite begins with the person, of whom there is most often nothing, and not with each case.
-- fragment: own_case(casefile_id, person, now)
(EXISTS (SELECT 1 FROM casefile_reach own WHERE own.casefile_id = @casefile_id@ AND own.kind IN (1, 4) AND own.ref = @person@ AND own.from_us <= @now@ AND own.until_us > @now@ LIMIT 1 OFFSET 0)
 OR EXISTS (SELECT 1 FROM mandate kin CROSS JOIN casefile theirs WHERE kin.holder_id = @person@ AND @mandate_by_register(kin)@ AND theirs.id = @casefile_id@ AND theirs.party_id = kin.giver_id LIMIT 1 OFFSET 0))

-- The same cases, found from the person: for lists and counts, which must not ask of each. The SELECT around it in may_see is for
-- SQLite, to which a query in two pairs of parentheses is one value.
-- fragment: own_cases(person, now)
(SELECT r.casefile_id AS id FROM casefile_reach r WHERE r.kind = 1 AND r.ref = @person@ AND r.from_us <= @now@ AND r.until_us > @now@
 UNION SELECT s.casefile_id FROM casefile_signer s WHERE s.party_id = @person@
 UNION SELECT theirs.id FROM mandate kin JOIN casefile theirs ON theirs.party_id = kin.giver_id WHERE kin.holder_id = @person@ AND @mandate_by_register(kin)@)

-- name: casefile_row :opt
-- One case file.
-- in: id int, now_us int
-- out: id int, no text?, version int, state int, title text, service_version_id int, service_key text, record_id int, application_id int, party_id int?, unit_id int, unit_key text, unit_name text, caseworker_id int?, caseworker_name text?, caseworker_away bool, lang int, received_us int, deadline_us int?, suspended_us int?, suspended_left int?, decided_us int?, arrived_us int?, appeal_until_us int?, closed_us int?, unread bool, waiting int, draft_id int, channel int, by_post bool, fell bool, helper_name text?, helper_unit_key text?, helper_unit_name text?, holder_id int?, holder_name text?, signatures int, lacking int, has_code bool, reply_failed bool
SELECT c.id, c.no, c.version, c.state, c.title, c.service_version_id, c.service_key, c.record_id, c.application_id, c.party_id, c.unit_id, u.key, u.name, c.caseworker_id, e.name, @employee_away(c.caseworker_id, c.unit_id, :now_us)@, c.lang, c.received_us, c.deadline_us, c.suspended_us, c.suspended_left, c.decided_us, c.arrived_us, c.appeal_until_us, c.closed_us, c.unread, c.waiting, c.draft_id, c.channel, c.by_post, c.fell, h.name, hu.key, hu.name, c.holder_id, mh.name,
  (SELECT count(*) FROM casefile_signature g WHERE g.casefile_id = c.id), (SELECT count(*) FROM casefile_unsigned g WHERE g.casefile_id = c.id),
  c.code_hash IS NOT NULL, EXISTS (SELECT 1 FROM casefile_reply y WHERE y.casefile_id = c.id AND y.at_us = c.decided_us AND y.failed_us IS NOT NULL)
FROM casefile c JOIN unit u ON u.id = c.unit_id LEFT JOIN employee e ON e.id = c.caseworker_id LEFT JOIN employee h ON h.id = c.helper_id LEFT JOIN unit hu ON hu.id = c.helper_unit_id LEFT JOIN party mh ON mh.id = c.holder_id
WHERE c.id = :id

-- name: casefile_lock :opt
-- Lock it before a change.
-- in: id int
-- out: version int
SELECT version FROM casefile WHERE id = :id
-- postgres:
FOR UPDATE

-- name: casefile_party :opt
-- Whose it is.
-- in: id int
-- out: party_id int?, holder_id int?, service_key text
SELECT party_id, holder_id, service_key FROM casefile WHERE id = :id

-- name: casefile_visible :one
-- Law 7 for one case file.
-- in: id int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: may bool
SELECT @may_see(:id)@

-- name: casefile_id_by_no :opt
-- The case file of that number.
-- in: no text
-- out: id int
SELECT id FROM casefile WHERE no = :no

-- name: casefile_by_draft :opt
-- The case file of that draft.
-- in: draft_id int
-- out: id int, party_id int?, session_id int?, helper_id int?, holder_id int?
SELECT id, party_id, session_id, helper_id, holder_id FROM casefile WHERE draft_id = :draft_id

-- name: casefile_by_record :opt
-- The case file of that record.
-- in: record_id int
-- out: id int
SELECT id FROM casefile WHERE record_id = :record_id

-- name: casefile_by_code :opt
-- The case file of that receipt code.
-- in: code_hash hash
-- out: id int
SELECT id FROM casefile WHERE code_hash = :code_hash

-- name: casefile_insert :exec
-- A case file, without its number.
-- in: id int, draft_id int, record_id int, application_id int, service_version_id int, service_key text, title text, party_id int?, unit_id int, state int, lang int, received_us int, deadline_us int?, session_id int?, code_hash blob?, channel int, by_post bool, helper_id int?, helper_unit_id int?, holder_id int?, decides bool
INSERT INTO casefile (id, version, draft_id, record_id, application_id, service_version_id, service_key, title, party_id, unit_id, state, lang, received_us, deadline_us, events, unread, waiting, session_id, code_hash, channel, by_post, helper_id, helper_unit_id, holder_id, decides)
VALUES (:id, 1, :draft_id, :record_id, :application_id, :service_version_id, :service_key, :title, :party_id, :unit_id, :state, :lang, :received_us, :deadline_us, 0, 1, 0, :session_id, :code_hash, :channel, :by_post, :helper_id, :helper_unit_id, :holder_id, :decides)

-- name: casefile_number :exec
-- Its number "2026-000001", as its record has it.
-- in: id int
UPDATE casefile SET no = (SELECT CAST(r.year AS text) || '-' || CASE WHEN r.seq < 1000000 THEN substr(CAST(1000000 + r.seq AS text), 2) ELSE CAST(r.seq AS text) END
  FROM record_casefile r WHERE r.id = casefile.record_id)
WHERE id = :id

-- name: casefile_line_insert :exec
-- A line that was applied for.
-- in: casefile_id int, number int, key text, label text
INSERT INTO casefile_line (casefile_id, number, key, label) VALUES (:casefile_id, :number, :key, :label)

-- name: casefile_line_list :many
-- What was applied for.
-- in: casefile_id int
-- out: key text, label text
SELECT key, label FROM casefile_line WHERE casefile_id = :casefile_id ORDER BY number

-- name: casefile_task_insert :exec
-- Work for a unit.
-- in: id int, casefile_id int, unit_id int, employee_id int?, kind text, due_us int, now_us int
INSERT INTO casefile_task (id, casefile_id, unit_id, employee_id, kind, due_us, created_us)
VALUES (:id, :casefile_id, :unit_id, :employee_id, :kind, :due_us, :now_us)

-- name: casefile_task_due :exec
-- Open tasks follow the deadline.
-- in: casefile_id int, due_us int
UPDATE casefile_task SET due_us = :due_us WHERE casefile_id = :casefile_id AND done_us IS NULL

-- name: casefile_task_kind :exec
-- What the open tasks are about.
-- in: casefile_id int, kind text
UPDATE casefile_task SET kind = :kind WHERE casefile_id = :casefile_id AND done_us IS NULL

-- name: casefile_application_unfinished :one
-- Is the application still being rendered? Its registration is finished by the job that makes the PDF.
-- in: casefile_id int
-- out: unfinished bool
SELECT EXISTS (SELECT 1 FROM casefile c JOIN record_registration r ON r.id = c.application_id WHERE c.id = :casefile_id AND r.finished_us IS NULL)

-- name: casefile_task_called :exec
-- The party was called or heard: what is left of the task is to handle the case.
-- in: casefile_id int
UPDATE casefile_task SET kind = 'handle' WHERE casefile_id = :casefile_id AND kind = 'call' AND done_us IS NULL

-- name: casefile_task_assign :exec
-- Who has it.
-- in: casefile_id int, unit_id int, employee_id int?
UPDATE casefile_task SET employee_id = :employee_id WHERE casefile_id = :casefile_id AND unit_id = :unit_id AND done_us IS NULL

-- name: casefile_task_done :exec
-- All work is done.
-- in: casefile_id int, now_us int
UPDATE casefile_task SET done_us = :now_us WHERE casefile_id = :casefile_id AND done_us IS NULL

-- name: casefile_task_open :one
-- How many open tasks a unit has in a case.
-- in: casefile_id int, unit_id int
-- out: open int
SELECT count(*) FROM casefile_task WHERE casefile_id = :casefile_id AND unit_id = :unit_id AND done_us IS NULL

-- name: casefile_reach_put :exec
-- Someone may see it.
-- in: casefile_id int, kind int, ref int, via int, from_us int, until_us int, sort_us int
INSERT INTO casefile_reach (casefile_id, kind, ref, via, from_us, until_us, sort_us)
VALUES (:casefile_id, :kind, :ref, :via, :from_us, :until_us, :sort_us) ON CONFLICT DO NOTHING

-- name: casefile_reach_unit :exec
-- A unit may see it from now on, also one that had it before.
-- in: casefile_id int, unit_id int, until_us int, sort_us int
INSERT INTO casefile_reach (casefile_id, kind, ref, via, from_us, until_us, sort_us) VALUES (:casefile_id, 2, :unit_id, 0, 0, :until_us, :sort_us)
ON CONFLICT (casefile_id, kind, ref, via) DO UPDATE SET until_us = excluded.until_us

-- name: casefile_reach_unit_end :exec
-- A unit has no more to do with it (law 7).
-- in: casefile_id int, unit_id int, now_us int
UPDATE casefile_reach SET until_us = :now_us WHERE casefile_id = :casefile_id AND kind = 2 AND ref = :unit_id

-- name: casefile_own :one
-- Does this person never handle it (law 7)?
-- in: casefile_id int, party_id int, now_us int
-- out: own bool
SELECT CASE WHEN @own_case(:casefile_id, :party_id, :now_us)@ THEN 1 ELSE 0 END

-- fragment: mandate_opens(c, scope, basis, holder_id)
-- Does a mandate open this case? Custody (basis 4) opens what this parent sent for the child and what an employee opened
-- for it: what the child sent itself is its own, and what the other parent sent is the other parent's to show.
(@mandate_covers(@scope@, @c@.service_key)@ AND (@basis@ <> 4 OR @c@.holder_id = @holder_id@ OR (@c@.holder_id IS NULL AND @c@.channel IN (2, 3))))

-- name: casefile_reach_mandate :exec
-- A mandate opens all cases of its giver that it covers; or (casefile_id not 0) this one, if it does.
-- in: casefile_id int, via int, giver_id int, holder_id int, scope text, basis int, from_us int, until_us int
INSERT INTO casefile_reach (casefile_id, kind, ref, via, from_us, until_us, sort_us)
SELECT c.id, 1, :holder_id, :via, :from_us, :until_us, c.received_us FROM casefile c
WHERE c.party_id = :giver_id AND (:casefile_id = 0 OR c.id = :casefile_id) AND @mandate_opens(c, :scope, :basis, :holder_id)@ ON CONFLICT DO NOTHING

-- name: casefile_may_act :one
-- May this person act in it as its party: their own, or by a mandate that lets one act? And do they see it by custody alone?
-- in: casefile_id int, party_id int, now_us int
-- out: may bool, custody bool
SELECT coalesce(max(CASE WHEN r.via = 0 OR m.act = 1 THEN 1 ELSE 0 END), 0), coalesce(min(CASE WHEN m.basis = 4 THEN 1 ELSE 0 END), 0)
FROM casefile_reach r LEFT JOIN mandate m ON m.id = r.via
WHERE r.casefile_id = :casefile_id AND r.kind = 1 AND r.ref = :party_id AND r.from_us <= :now_us AND r.until_us > :now_us

-- name: casefile_reach_end :exec
-- A mandate is over.
-- in: via int, until_us int
UPDATE casefile_reach SET until_us = :until_us WHERE via = :via AND via <> 0

-- name: casefile_change :count
-- Move on: state and version, if nobody else did.
-- in: id int, version int, state int
UPDATE casefile SET version = version + 1, state = :state WHERE id = :id AND version = :version

-- name: casefile_set_caseworker :exec
-- Who has taken it.
-- in: id int, caseworker_id int?
UPDATE casefile SET version = version + 1, caseworker_id = :caseworker_id WHERE id = :id

-- name: casefile_set_unit :exec
-- Another unit handles it, and nobody there has taken it yet. The deadline is not touched.
-- in: id int, unit_id int
UPDATE casefile SET version = version + 1, unit_id = :unit_id, caseworker_id = NULL, unread = 1 WHERE id = :id

-- name: casefile_task_pass_on :exec
-- Open work moves to another unit as it is.
-- in: casefile_id int, from_unit_id int, unit_id int
UPDATE casefile_task SET unit_id = :unit_id, employee_id = NULL WHERE casefile_id = :casefile_id AND unit_id = :from_unit_id AND done_us IS NULL

-- name: casefile_team :many
-- Who works in a unit, and who has left it with work undone.
-- in: unit_id int, now_us int
-- out: id int, name text, roles int, party_id int?, member bool, away bool, from_us int?, until_us int?
SELECT e.id, e.name, e.roles, e.party_id, e.active = 1 AND m.unit_id IS NOT NULL, @employee_away(e.id, :unit_id, :now_us)@, a.from_us, a.until_us
FROM employee e LEFT JOIN employee_unit m ON m.employee_id = e.id AND m.unit_id = :unit_id
  LEFT JOIN employee_absence a ON a.employee_id = e.id AND (a.until_us IS NULL OR a.until_us > :now_us)
WHERE (e.active = 1 AND m.unit_id IS NOT NULL) OR EXISTS (SELECT 1 FROM casefile_task t WHERE t.employee_id = e.id AND t.unit_id = :unit_id AND t.done_us IS NULL)
ORDER BY e.name, e.id

-- name: casefile_pile :many
-- Open tasks of a unit that one employee has (0: nobody), by deadline.
-- in: unit_id int, employee_id int, limit int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, no text?, version int, state int, title text, service_version_id int, party_id int?, party_name text?, deadline_us int?
SELECT c.id, c.no, c.version, c.state, c.title, c.service_version_id, c.party_id, p.name, c.deadline_us
FROM casefile_task t JOIN casefile c ON c.id = t.casefile_id LEFT JOIN party p ON p.id = c.party_id
WHERE t.unit_id = :unit_id AND t.done_us IS NULL AND coalesce(t.employee_id, 0) = :employee_id AND @may_see(t.casefile_id)@
ORDER BY t.due_us, t.casefile_id LIMIT :limit

-- name: casefile_pile_count :one
-- The same, counted to `most`, and how many of them are overdue.
-- in: unit_id int, employee_id int, most int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: open int, overdue int
SELECT count(*), coalesce(sum(CASE WHEN first.due_us <= :viewer_now THEN 1 ELSE 0 END), 0) FROM
  (SELECT t.due_us FROM casefile_task t WHERE t.unit_id = :unit_id AND t.done_us IS NULL AND coalesce(t.employee_id, 0) = :employee_id AND @may_see(t.casefile_id)@
   ORDER BY t.due_us, t.casefile_id LIMIT :most) AS first

-- name: casefile_unpeopled :many
-- Units with open case files that nobody with one of these roles works for, and how many, counted to `most`.
-- in: roles int, most int
-- out: key text, name text, open int
SELECT x.key, x.name, x.open FROM
  (SELECT u.key, u.name, (SELECT count(*) FROM (SELECT 1 FROM casefile_task t WHERE t.unit_id = u.id AND t.done_us IS NULL LIMIT :most) AS task) AS open
   FROM unit u WHERE NOT @unit_has(u.id, :roles)@) AS x
WHERE x.open > 0 ORDER BY x.name, x.key

-- name: casefile_set_deadline :exec
-- Its deadline and whether that stands still.
-- in: id int, deadline_us int?, suspended_us int?, suspended_left int?
UPDATE casefile SET version = version + 1, deadline_us = :deadline_us, suspended_us = :suspended_us, suspended_left = :suspended_left WHERE id = :id

-- name: casefile_set_decided :exec
-- A decision has become final: the appeal deadline of an earlier one is over. The first one is the answer.
-- in: id int, decided_us int
UPDATE casefile SET version = version + 1, decided_us = :decided_us, arrived_us = NULL, appeal_until_us = NULL,
  answered_us = coalesce(answered_us, :decided_us), promised_us = CASE WHEN answered_us IS NULL THEN deadline_us ELSE promised_us END WHERE id = :id

-- name: casefile_set_withdrawn :exec
-- The party has withdrawn it; or it fell away for want of a signature.
-- in: id int, withdrawn_us int, fell bool
UPDATE casefile SET version = version + 1, withdrawn_us = :withdrawn_us, fell = :fell WHERE id = :id

-- name: casefile_set_arrived :exec
-- The letter of the decision has arrived.
-- in: id int, arrived_us int, appeal_until_us int
UPDATE casefile SET version = version + 1, arrived_us = :arrived_us, appeal_until_us = :appeal_until_us WHERE id = :id

-- name: casefile_set_appeal_over :exec
-- The appeal lies with the body above: there is no term to appeal to this unit any more.
-- in: id int
UPDATE casefile SET version = version + 1, appeal_until_us = NULL WHERE id = :id

-- name: casefile_set_closed :exec
-- When it was closed; none: open again. What was neither decided nor withdrawn has its answer now.
-- in: id int, closed_us int?
UPDATE casefile SET version = version + 1, closed_us = :closed_us, answered_us = CASE WHEN withdrawn_us IS NULL THEN coalesce(answered_us, :closed_us) ELSE answered_us END,
  promised_us = CASE WHEN answered_us IS NULL AND withdrawn_us IS NULL THEN deadline_us ELSE promised_us END WHERE id = :id

-- name: casefile_set_unread :exec
-- Whether there is something from the party that the caseworker has not seen.
-- in: id int, unread bool
UPDATE casefile SET unread = :unread WHERE id = :id AND unread <> :unread

-- name: casefile_add_waiting :exec
-- One question or hearing more (or less) waits for the party.
-- in: id int, more int
UPDATE casefile SET waiting = waiting + :more WHERE id = :id

-- name: casefile_event_number :one
-- The number of the next event.
-- in: id int
-- out: n int
UPDATE casefile SET events = events + 1 WHERE id = :id RETURNING events

-- name: casefile_event_insert :exec
-- One line of the timeline.
-- in: casefile_id int, n int, at_us int, kind text, party_id int?, employee_id int?, unit_id int?, party_visible bool, params text, detail text, registration_id int?
INSERT INTO casefile_event (casefile_id, n, at_us, kind, party_id, employee_id, unit_id, party_visible, params, detail, registration_id)
VALUES (:casefile_id, :n, :at_us, :kind, :party_id, :employee_id, :unit_id, :party_visible, :params, :detail, :registration_id)

-- name: casefile_event_list :many
-- The timeline.
-- in: casefile_id int, party_view bool
-- out: n int, at_us int, kind text, party_id int?, party_name text?, employee_name text?, unit_key text?, unit_name text?, party_visible bool, params text, detail text, registration_id int?, title text?, public_title text?
SELECT v.n, v.at_us, v.kind, v.party_id, p.name, e.name, u.key, u.name, v.party_visible, v.params, v.detail, v.registration_id, r.title, r.public_title
FROM casefile_event v LEFT JOIN record_registration r ON r.id = v.registration_id LEFT JOIN party p ON p.id = v.party_id LEFT JOIN employee e ON e.id = v.employee_id LEFT JOIN unit u ON u.id = v.unit_id
WHERE v.casefile_id = :casefile_id AND (:party_view = 0 OR v.party_visible = 1) ORDER BY v.n

-- name: casefile_counts_begun :one
-- Whether one that counts from the last signature has begun to.
-- in: casefile_id int
-- out: begun bool
SELECT EXISTS (SELECT 1 FROM casefile_event WHERE casefile_id = :casefile_id AND kind = 'all_signed_counts')

-- name: casefile_look_insert :exec
-- The adviser says why she looks.
-- in: id int, casefile_id int, employee_id int, purpose text, from_us int, until_us int
INSERT INTO casefile_look (id, casefile_id, employee_id, purpose, from_us, until_us) VALUES (:id, :casefile_id, :employee_id, :purpose, :from_us, :until_us)

-- name: casefile_look_purpose :opt
-- Why she may look now: what she said last.
-- in: casefile_id int, employee_id int, now_us int
-- out: purpose text
SELECT purpose FROM casefile_look WHERE casefile_id = :casefile_id AND employee_id = :employee_id AND from_us <= :now_us AND until_us > :now_us
ORDER BY from_us DESC, id LIMIT 1

-- name: casefile_look_list :many
-- Her looks that are in force, newest first; the filter of law 7 decides here too.
-- in: employee_id int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: casefile_id int, no text?, title text, service_version_id int, purpose text, from_us int, until_us int
SELECT c.id, c.no, c.title, c.service_version_id, l.purpose, l.from_us, l.until_us FROM casefile_look l JOIN casefile c ON c.id = l.casefile_id
WHERE l.employee_id = :employee_id AND l.from_us <= :viewer_now AND l.until_us > :viewer_now AND @may_see(c.id)@ ORDER BY l.from_us DESC, l.id LIMIT 100

-- name: casefile_question_insert :exec
-- A question.
-- in: id int, casefile_id int, registration_id int, employee_id int, asked_us int, due_us int
INSERT INTO casefile_question (id, casefile_id, registration_id, employee_id, asked_us, due_us)
VALUES (:id, :casefile_id, :registration_id, :employee_id, :asked_us, :due_us)

-- name: casefile_question_answer :count
-- Its answer, once.
-- in: id int, casefile_id int, answer_id int, now_us int
UPDATE casefile_question SET answer_id = :answer_id, answered_us = :now_us WHERE id = :id AND casefile_id = :casefile_id AND answered_us IS NULL AND closed_us IS NULL

-- name: casefile_question_close :count
-- Those without an answer: nobody waits for one any more.
-- in: casefile_id int, now_us int
UPDATE casefile_question SET closed_us = :now_us WHERE casefile_id = :casefile_id AND answered_us IS NULL AND closed_us IS NULL

-- name: casefile_question_list :many
-- The questions of a case.
-- in: casefile_id int
-- out: id int, registration_id int, employee_name text, asked_us int, due_us int, answer_id int?, answered_us int?, closed_us int?
SELECT q.id, q.registration_id, e.name, q.asked_us, q.due_us, q.answer_id, q.answered_us, q.closed_us
FROM casefile_question q JOIN employee e ON e.id = q.employee_id WHERE q.casefile_id = :casefile_id ORDER BY q.asked_us, q.id

-- name: casefile_contact_insert :exec
-- A call, hearing or exemption.
-- in: id int, casefile_id int, kind int, at_us int, employee_id int, registration_id int, reached bool, legal_basis text, due_us int?
INSERT INTO casefile_contact (id, casefile_id, kind, at_us, employee_id, registration_id, reached, legal_basis, due_us)
VALUES (:id, :casefile_id, :kind, :at_us, :employee_id, :registration_id, :reached, :legal_basis, :due_us)

-- name: casefile_contact_answer :count
-- The answer to a hearing, once.
-- in: id int, casefile_id int, answer_id int, now_us int
UPDATE casefile_contact SET answer_id = :answer_id, answered_us = :now_us WHERE id = :id AND casefile_id = :casefile_id AND kind = 2 AND answered_us IS NULL AND closed_us IS NULL

-- name: casefile_hearing_close :count
-- Those without an answer: nobody waits for one any more.
-- in: casefile_id int, now_us int
UPDATE casefile_contact SET closed_us = :now_us WHERE casefile_id = :casefile_id AND kind = 2 AND answered_us IS NULL AND closed_us IS NULL

-- name: casefile_contact_list :many
-- Calls, hearings and exemptions of a case, and whether each meets law 3 now. The same condition stands in the trigger
-- decision_f4.
-- in: casefile_id int, now_us int
-- out: id int, kind int, at_us int, employee_name text, registration_id int, reached bool, legal_basis text, due_us int?, answer_id int?, answered_us int?, closed_us int?, fulfils bool
SELECT h.id, h.kind, h.at_us, e.name, h.registration_id, h.reached, h.legal_basis, h.due_us, h.answer_id, h.answered_us, h.closed_us,
  (h.kind = 3 OR (h.kind = 1 AND h.reached = 1) OR (h.kind = 2 AND (h.answered_us IS NOT NULL OR h.due_us <= :now_us))) AND h.at_us >= coalesce(c.decided_us, 0)
FROM casefile_contact h JOIN casefile c ON c.id = h.casefile_id JOIN employee e ON e.id = h.employee_id
WHERE h.casefile_id = :casefile_id ORDER BY h.at_us, h.id

-- name: casefile_note_list :many
-- Registrations of the kind note, which only the unit sees.
-- in: record_id int
-- out: id int, at_us int, author text?
SELECT r.id, r.created_us, e.name FROM record_registration r LEFT JOIN employee e ON e.id = r.author_employee_id
WHERE r.casefile_id = :record_id AND r.kind = 4 AND r.party_visible = 0 ORDER BY r.number

-- name: casefile_hold_put :exec
-- Something must be delivered before it may close.
-- in: casefile_id int, kind text, ref int, now_us int
INSERT INTO casefile_hold (casefile_id, kind, ref, put_us) VALUES (:casefile_id, :kind, :ref, :now_us) ON CONFLICT DO NOTHING

-- name: casefile_hold_release :exec
-- It has been delivered.
-- in: casefile_id int, kind text, ref int, now_us int
UPDATE casefile_hold SET released_us = :now_us WHERE casefile_id = :casefile_id AND kind = :kind AND ref = :ref AND released_us IS NULL

-- name: casefile_hold_open :one
-- How many things wait for delivery.
-- in: casefile_id int
-- out: open int
SELECT count(*) FROM casefile_hold WHERE casefile_id = :casefile_id AND released_us IS NULL

-- name: casefile_reply_next :one
-- The number of the next reply, and of the last one.
-- in: casefile_id int
-- out: n int, last int
SELECT coalesce(max(n), 0) + 1, coalesce(max(n), 0) FROM casefile_reply WHERE casefile_id = :casefile_id

-- name: casefile_reply_insert :exec
-- A reply to one who gave no name.
-- in: casefile_id int, n int, at_us int, employee_id int, registration_id int, legal_basis text, appeal text, way int, email text
INSERT INTO casefile_reply (casefile_id, n, at_us, employee_id, registration_id, legal_basis, appeal, way, email)
VALUES (:casefile_id, :n, :at_us, :employee_id, :registration_id, :legal_basis, :appeal, :way, :email)

-- name: casefile_reply_arrived :count
-- It has arrived: read with the code, or taken by the mail server.
-- in: casefile_id int, n int, arrived_us int
UPDATE casefile_reply SET arrived_us = :arrived_us WHERE casefile_id = :casefile_id AND n = :n AND arrived_us IS NULL AND failed_us IS NULL

-- name: casefile_reply_posted :count
-- A letter was put in the post, and arrives then.
-- in: casefile_id int, n int, posted_day int, arrived_us int
UPDATE casefile_reply SET posted_day = :posted_day, arrived_us = :arrived_us WHERE casefile_id = :casefile_id AND n = :n AND way = 3 AND arrived_us IS NULL AND failed_us IS NULL

-- name: casefile_reply_failed :count
-- It could not be sent.
-- in: casefile_id int, n int, failed_us int
UPDATE casefile_reply SET failed_us = :failed_us WHERE casefile_id = :casefile_id AND n = :n AND arrived_us IS NULL AND failed_us IS NULL

-- name: casefile_reply_list :many
-- The replies of a case, the newest first.
-- in: casefile_id int
-- out: n int, at_us int, employee_name text, registration_id int, way int, email text, arrived_us int?, failed_us int?
SELECT y.n, y.at_us, e.name, y.registration_id, y.way, y.email, y.arrived_us, y.failed_us
FROM casefile_reply y JOIN employee e ON e.id = y.employee_id WHERE y.casefile_id = :casefile_id ORDER BY y.n DESC

-- name: casefile_list_names :many
-- The units and the caseworkers that the rows of a list name, once a page: joined to each row they and what is asked of them were
-- a third of it. A unit has no employee_id. A caseworker comes once for each of these units they work for,
-- or once without a unit; gone: away now, or left the house.
-- in: unit_ids ints, employee_ids ints, now_us int
-- out: unit_id int?, employee_id int?, key text, name text, gone bool
SELECT u.id, NULL, u.key, u.name, 0 FROM unit u WHERE u.id IN :unit_ids
UNION ALL
SELECT m.unit_id, e.id, '', e.name, CASE WHEN e.active = 0 OR @employee_absent(e.id, :now_us)@ THEN 1 ELSE 0 END
FROM employee e LEFT JOIN employee_unit m ON m.employee_id = e.id AND m.unit_id IN :unit_ids WHERE e.id IN :employee_ids

-- name: casefile_queue_unit :many
-- Open tasks of a unit by deadline.
-- in: unit_id int, after_us int, after_id int, limit int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, no text?, state int, title text, service_version_id int, party_id int?, party_name text?, unit_id int, caseworker_id int?, received_us int, deadline_us int?, unread bool, waiting int, fell bool, sort_us int, task text
SELECT c.id, c.no, c.state, c.title, c.service_version_id, c.party_id, p.name, c.unit_id, c.caseworker_id, c.received_us, c.deadline_us, c.unread, c.waiting, c.fell, t.due_us, t.kind
FROM casefile_task t JOIN casefile c ON c.id = t.casefile_id LEFT JOIN party p ON p.id = c.party_id
WHERE t.unit_id = :unit_id AND t.done_us IS NULL AND (t.due_us, t.casefile_id) > (:after_us, :after_id) AND @may_see(t.casefile_id)@
ORDER BY t.due_us, t.casefile_id LIMIT :limit

-- name: casefile_lacking :many
-- Which of these lack a signature.
-- in: ids ints
-- out: casefile_id int
SELECT DISTINCT g.casefile_id FROM casefile_unsigned g WHERE g.casefile_id IN :ids

-- name: casefile_queue_mine :many
-- Open tasks of an employee by deadline.
-- in: employee_id int, after_us int, after_id int, limit int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, no text?, state int, title text, service_version_id int, party_id int?, party_name text?, unit_id int, caseworker_id int?, received_us int, deadline_us int?, unread bool, waiting int, fell bool, sort_us int, task text
SELECT c.id, c.no, c.state, c.title, c.service_version_id, c.party_id, p.name, c.unit_id, c.caseworker_id, c.received_us, c.deadline_us, c.unread, c.waiting, c.fell, t.due_us, t.kind
FROM casefile_task t JOIN casefile c ON c.id = t.casefile_id LEFT JOIN party p ON p.id = c.party_id
WHERE t.employee_id = :employee_id AND t.done_us IS NULL AND (t.due_us, t.casefile_id) > (:after_us, :after_id) AND @may_see(t.casefile_id)@
ORDER BY t.due_us, t.casefile_id LIMIT :limit

-- name: casefile_list_of_viewer :many
-- What a person may see, newest first.
-- in: party_id int, after_us int, after_id int, limit int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, no text?, state int, title text, service_version_id int, party_id int?, party_name text?, unit_id int, caseworker_id int?, received_us int, deadline_us int?, unread bool, waiting int, fell bool, sort_us int
SELECT c.id, c.no, c.state, c.title, c.service_version_id, c.party_id, p.name, c.unit_id, c.caseworker_id, c.received_us, c.deadline_us, c.unread, c.waiting, c.fell, r.sort_us
FROM casefile_reach r JOIN casefile c ON c.id = r.casefile_id LEFT JOIN party p ON p.id = c.party_id
WHERE r.kind = 1 AND r.ref = :party_id AND (r.sort_us, r.casefile_id) < (:after_us, :after_id)
  AND r.from_us <= :viewer_now AND r.until_us > :viewer_now AND @may_see(r.casefile_id)@
ORDER BY r.sort_us DESC, r.casefile_id DESC LIMIT :limit

-- name: casefile_list_at_counter :many
-- Open cases of the citizen whom the viewer has open at the counter: the stay is asked here, in the store, so that no list can
-- be had without it. What is shown is what one says at a counter: number, service, unit, state, deadline.
-- in: session_id int, party_id int, viewer_now int
-- out: id int, no text?, state int, title text, service_version_id int, unit_key text, unit_name text, received_us int, deadline_us int?, fell bool
SELECT c.id, c.no, c.state, c.title, c.service_version_id, u.key, u.name, c.received_us, c.deadline_us, c.fell
FROM casefile c JOIN unit u ON u.id = c.unit_id
WHERE c.party_id = :party_id AND c.state <> 6
  AND EXISTS (SELECT 1 FROM counter_stay s WHERE s.session_id = :session_id AND s.party_id = c.party_id AND s.ends_us > :viewer_now)
ORDER BY c.received_us DESC LIMIT 50

-- name: casefile_channels :many
-- Applications that these units received in these months, by service and by how they came, without those the viewer may not
-- see (law 7): one's own.
-- in: unit_ids ints, from_month int, to_month int, from_us int, to_us int, viewer_party int, viewer_now int
-- out: service_key text, channel int, n int
SELECT a.service_key, a.channel, CAST(sum(a.n) AS bigint) FROM (
  SELECT t.service_key, t.days AS channel, t.n FROM casefile_tally t WHERE t.unit_id IN :unit_ids AND t.kind = 1 AND t.slot >= :from_month AND t.slot < :to_month
  UNION ALL
  SELECT o.service_key, o.channel, -1 FROM (SELECT c.id, c.service_key, c.channel FROM @own_cases(:viewer_party, :viewer_now)@ own CROSS JOIN casefile c
    WHERE c.id = own.id AND c.unit_id IN :unit_ids AND c.received_us >= :from_us AND c.received_us < :to_us) o) a
GROUP BY a.service_key, a.channel HAVING sum(a.n) <> 0 ORDER BY a.service_key, a.channel

-- name: casefile_count_open :one
-- Open tasks of a unit, how many of them are overdue, and how many of one's units' one has taken; counted no further than
-- `most`, the earliest first, because a page must not wait for the counting of thousands: when there are so many, the last that
-- would be counted says so, and whether it is overdue. A unit sees what it has a task in, so what may_see takes away are one's
-- own cases alone: they are counted apart.
-- in: unit_id int, employee_id int, most int, viewer_party int, viewer_now int
-- out: open int, overdue int, mine int, own_open int, own_overdue int
SELECT CASE WHEN f.last_us IS NULL THEN (SELECT count(*) FROM casefile_task t WHERE t.unit_id = :unit_id AND t.done_us IS NULL) ELSE :most END,
  CASE WHEN f.last_us <= :viewer_now THEN :most ELSE (SELECT count(*) FROM casefile_task t WHERE t.unit_id = :unit_id AND t.done_us IS NULL AND t.due_us <= :viewer_now) END,
  CASE WHEN f.last_mine_us IS NULL THEN (SELECT count(*) FROM casefile_task t WHERE t.employee_id = :employee_id AND t.done_us IS NULL) ELSE :most END,
  o.n, o.late
FROM (SELECT (SELECT t.due_us FROM casefile_task t WHERE t.unit_id = :unit_id AND t.done_us IS NULL ORDER BY t.due_us, t.casefile_id LIMIT 1 OFFSET :most - 1) AS last_us,
    (SELECT t.due_us FROM casefile_task t WHERE t.employee_id = :employee_id AND t.done_us IS NULL ORDER BY t.due_us, t.casefile_id LIMIT 1 OFFSET :most - 1) AS last_mine_us) AS f,
  (SELECT count(*) AS n, coalesce(sum(CASE WHEN t.due_us <= :viewer_now THEN 1 ELSE 0 END), 0) AS late FROM @own_cases(:viewer_party, :viewer_now)@ own CROSS JOIN casefile_task t
    WHERE t.casefile_id = own.id AND t.unit_id = :unit_id AND t.done_us IS NULL) AS o

-- name: casefile_erase_events :exec
-- Law 10: what hangs on a case file whose record has been disposed of. Its timeline.
-- in: casefile_id int
DELETE FROM casefile_event WHERE casefile_id = :casefile_id

-- name: casefile_erase_lines :exec
-- What was applied for.
-- in: casefile_id int
DELETE FROM casefile_line WHERE casefile_id = :casefile_id

-- name: casefile_erase_tasks :exec
-- Work.
-- in: casefile_id int
DELETE FROM casefile_task WHERE casefile_id = :casefile_id

-- name: casefile_erase_reach :exec
-- Who could see it.
-- in: casefile_id int
DELETE FROM casefile_reach WHERE casefile_id = :casefile_id

-- name: casefile_erase_questions :exec
-- Questions.
-- in: casefile_id int
DELETE FROM casefile_question WHERE casefile_id = :casefile_id

-- name: casefile_erase_contacts :exec
-- Calls and hearings.
-- in: casefile_id int
DELETE FROM casefile_contact WHERE casefile_id = :casefile_id

-- name: casefile_erase_holds :exec
-- What was delivered.
-- in: casefile_id int
DELETE FROM casefile_hold WHERE casefile_id = :casefile_id

-- name: casefile_erase_looks :exec
-- Looks of the adviser.
-- in: casefile_id int
DELETE FROM casefile_look WHERE casefile_id = :casefile_id

-- fragment: may_use_again(c, r)
-- What may be used again in another service (form/): sent by the party through the form, not withdrawn, neither erased nor due to
-- be (law 10), and the asker may see it (law 7).
(@c@.no IS NOT NULL AND @c@.by_post = 0 AND @c@.withdrawn_us IS NULL AND @r@.disposal_id IS NULL AND (@r@.dispose_us IS NULL OR @r@.dispose_us > :viewer_now) AND @may_see(@c@.id)@)

-- name: casefile_reuse_latest :opt
-- The newest application of a party in a service that may be used again.
-- in: party_id int, service_key text, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: id int, no text, service_version_id int, received_us int
SELECT c.id, c.no, c.service_version_id, c.received_us FROM casefile c JOIN record_casefile r ON r.id = c.record_id
WHERE c.party_id = :party_id AND c.service_key = :service_key AND @may_use_again(c, r)@
ORDER BY c.received_us DESC, c.id DESC LIMIT 1

-- name: casefile_reuse_permit :exec
-- One answer of it may fill in a field of a draft.
-- in: draft_id int, field text, casefile_id int, from_field text, from_purpose text, purpose text, law text, now_us int
INSERT INTO casefile_reuse (draft_id, field, casefile_id, from_field, from_purpose, purpose, law, at_us)
VALUES (:draft_id, :field, :casefile_id, :from_field, :from_purpose, :purpose, :law, :now_us)

-- name: casefile_reuse_read :many
-- The answers that a draft may take, as far as they still may be used; those of one application together.
-- in: draft_id int, viewer_kind int, viewer_refs ints, viewer_party int, viewer_now int
-- out: field text, from_field text, casefile_id int, service_key text, service_version_id int, received_us int, application_id int
SELECT u.field, u.from_field, c.id, c.service_key, c.service_version_id, c.received_us, c.application_id
FROM casefile_reuse u JOIN form_draft d ON d.id = u.draft_id JOIN casefile c ON c.id = u.casefile_id AND c.party_id = d.party_id JOIN record_casefile r ON r.id = c.record_id
WHERE u.draft_id = :draft_id AND @may_use_again(c, r)@
ORDER BY c.id, u.field

-- name: casefile_reuse_forget :exec
-- The draft is sent or gone, or begins anew.
-- in: draft_id int
DELETE FROM casefile_reuse WHERE draft_id = :draft_id

-- name: casefile_erase_reuse :exec
-- Law 10.
-- in: casefile_id int
DELETE FROM casefile_reuse WHERE casefile_id = :casefile_id

-- name: casefile_signature_insert :exec
-- Somebody else must sign.
-- in: id int, casefile_id int, number int, kind int, name text, hash blob?, asked_us int, until_us int, state int
INSERT INTO casefile_signature (id, casefile_id, number, kind, name, hash, asked_us, until_us, state, legal_basis)
VALUES (:id, :casefile_id, :number, :kind, :name, :hash, :asked_us, :until_us, :state, '')

-- name: casefile_signer_insert :exec
-- One who may give it.
-- in: signature_id int, party_id int, casefile_id int
INSERT INTO casefile_signer (signature_id, party_id, casefile_id) VALUES (:signature_id, :party_id, :casefile_id)

-- name: casefile_signature_row :opt
-- One signature.
-- in: id int
-- out: id int, casefile_id int, number int, kind int, name text, hash blob?, asked_us int, until_us int, state int, party_id int?, answered_us int?, registration_id int?, reminded_us int?
SELECT id, casefile_id, number, kind, name, hash, asked_us, until_us, state, party_id, answered_us, registration_id, reminded_us FROM casefile_signature WHERE id = :id

-- name: casefile_signature_list :many
-- Those of a case.
-- in: casefile_id int
-- out: id int, casefile_id int, number int, kind int, name text, hash blob?, asked_us int, until_us int, state int, party_name text?, employee_name text?, answered_us int?, legal_basis text, registration_id int?, reminded_us int?, missing bool
SELECT g.id, g.casefile_id, g.number, g.kind, g.name, g.hash, g.asked_us, g.until_us, g.state, p.name, e.name, g.answered_us, g.legal_basis, g.registration_id, g.reminded_us,
  EXISTS (SELECT 1 FROM casefile_unsigned u WHERE u.id = g.id)
FROM casefile_signature g LEFT JOIN party p ON p.id = g.party_id LEFT JOIN employee e ON e.id = g.employee_id
WHERE g.casefile_id = :casefile_id ORDER BY g.number

-- name: casefile_signer_list :many
-- Who may give it.
-- in: signature_id int
-- out: party_id int, name text
SELECT s.party_id, p.name FROM casefile_signer s JOIN party p ON p.id = s.party_id WHERE s.signature_id = :signature_id ORDER BY p.sort_name, p.id

-- name: casefile_signer_is :one
-- May this person give it?
-- in: signature_id int, party_id int
-- out: may bool
SELECT EXISTS (SELECT 1 FROM casefile_signer WHERE signature_id = :signature_id AND party_id = :party_id)

-- name: casefile_signatures_of_party :many
-- What a person is or was asked to sign, what waits first. Law 7 is the row of casefile_signer itself: it shows what is asked, not the case.
-- id: one of them alone; 0: all.
-- in: party_id int, id int, at_most int
-- out: id int, casefile_id int, no text?, state int, case_state int, service_version_id int, title text, party_name text?, signed_by int?, asked_us int, until_us int, answered_us int?
SELECT g.id, g.casefile_id, c.no, g.state, c.state, c.service_version_id, c.title, p.name, g.party_id, g.asked_us, g.until_us, g.answered_us
FROM casefile_signer s JOIN casefile_signature g ON g.id = s.signature_id JOIN casefile c ON c.id = g.casefile_id LEFT JOIN party p ON p.id = c.party_id
WHERE s.party_id = :party_id AND (:id = 0 OR s.signature_id = :id) ORDER BY CASE WHEN g.state = 0 THEN 0 ELSE 1 END, g.asked_us DESC, g.id LIMIT :at_most

-- name: casefile_signature_answer :count
-- Signed, or not: once.
-- in: id int, state int, party_id int, registration_id int, now_us int
UPDATE casefile_signature SET state = :state, party_id = :party_id, registration_id = :registration_id, answered_us = :now_us WHERE id = :id AND state = 0

-- name: casefile_signature_lapse :count
-- The time has passed, or somebody else said no, or it was withdrawn: those of a case that still wait.
-- in: casefile_id int, now_us int
UPDATE casefile_signature SET state = 3, answered_us = :now_us WHERE casefile_id = :casefile_id AND state = 0

-- name: casefile_signature_settle :count
-- An employee records why those that are missing are not needed, or that they were given on paper.
-- in: casefile_id int, employee_id int, legal_basis text, registration_id int, now_us int
UPDATE casefile_signature SET state = 4, employee_id = :employee_id, legal_basis = :legal_basis, registration_id = :registration_id, answered_us = :now_us
WHERE casefile_id = :casefile_id AND id IN (SELECT u.id FROM casefile_unsigned u WHERE u.casefile_id = :casefile_id)

-- name: casefile_signature_remind :count
-- A reminder, at most one in so long.
-- in: casefile_id int, before_us int, now_us int
UPDATE casefile_signature SET reminded_us = :now_us WHERE casefile_id = :casefile_id AND state = 0 AND until_us > :now_us AND (reminded_us IS NULL OR reminded_us <= :before_us)

-- name: casefile_erase_signers :exec
-- Law 10.
-- in: casefile_id int
DELETE FROM casefile_signer WHERE casefile_id = :casefile_id

-- name: casefile_erase_signatures :exec
-- Law 10.
-- in: casefile_id int
DELETE FROM casefile_signature WHERE casefile_id = :casefile_id

-- name: casefile_erase_row :exec
-- The case file.
-- in: casefile_id int
DELETE FROM casefile WHERE id = :casefile_id

-- name: casefile_verify_counts :one
-- What must be nought: cases without a number, whose number is not their record's, whose record is open or closed
-- otherwise, without their first event, whose events have gaps, closed without an answer or a withdrawal, whose answer or
-- withdrawal is of another time than the timeline says, decided without a signature that is needed (law 11).
-- out: unnumbered int, misnumbered int, open int, eventless int, gaps int, unanswered int, misdated int, lacking int
SELECT (SELECT count(*) FROM casefile WHERE no IS NULL),
  (SELECT count(*) FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE r.seq IS NULL OR c.no NOT LIKE (CAST(r.year AS text) || '-%' || CAST(r.seq AS text))),
  (SELECT count(*) FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE (c.state = 6) <> (r.closed_us IS NOT NULL)),
  (SELECT count(*) FROM casefile c WHERE NOT EXISTS (SELECT 1 FROM casefile_event v WHERE v.casefile_id = c.id AND v.n = 1)),
  (SELECT count(*) FROM casefile c WHERE c.events <> (SELECT count(*) FROM casefile_event v WHERE v.casefile_id = c.id)),
  (SELECT count(*) FROM casefile c WHERE c.closed_us IS NOT NULL AND c.answered_us IS NULL AND c.withdrawn_us IS NULL),
  (SELECT count(*) FROM casefile c WHERE (c.answered_us IS NOT NULL AND c.answered_us <> coalesce((SELECT min(v.at_us) FROM casefile_event v WHERE v.casefile_id = c.id AND v.kind IN ('decided', 'granted', 'closed')), 0))
    OR (c.withdrawn_us IS NOT NULL AND c.withdrawn_us <> coalesce((SELECT min(v.at_us) FROM casefile_event v WHERE v.casefile_id = c.id AND v.kind IN ('withdrawn', 'sign_fell')), 0))
    OR c.fell <> CASE WHEN c.withdrawn_us IS NOT NULL AND EXISTS (SELECT 1 FROM casefile_event v WHERE v.casefile_id = c.id AND v.kind = 'sign_fell') THEN 1 ELSE 0 END),
  (SELECT count(*) FROM casefile c WHERE c.decided_us IS NOT NULL AND EXISTS (SELECT 1 FROM casefile_signature g WHERE g.casefile_id = c.id AND g.state NOT IN (1, 4)))

-- name: casefile_verify_reach :one
-- The reach table against what it is made from: missing own rows, missing units, missing mandates, and rows that nothing
-- explains.
-- in: now_us int
-- out: party int, unit int, mandate int, stray int
SELECT (SELECT count(*) FROM casefile c WHERE c.party_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM casefile_reach r WHERE r.casefile_id = c.id AND r.kind = 1 AND r.ref = c.party_id AND r.via = 0)),
  (SELECT count(*) FROM casefile c WHERE NOT EXISTS (SELECT 1 FROM casefile_reach r WHERE r.casefile_id = c.id AND r.kind = 2 AND r.ref = c.unit_id AND r.until_us > :now_us))
    + (SELECT count(*) FROM casefile_task t WHERE t.done_us IS NULL AND NOT EXISTS (SELECT 1 FROM casefile_reach r WHERE r.casefile_id = t.casefile_id AND r.kind = 2 AND r.ref = t.unit_id AND r.until_us > :now_us)),
  (SELECT count(*) FROM mandate m JOIN casefile c ON c.party_id = m.giver_id WHERE @mandate_opens(c, m.scope, m.basis, m.holder_id)@ AND m.withdrawn_us IS NULL AND (m.until_us IS NULL OR m.until_us > :now_us)
    AND NOT EXISTS (SELECT 1 FROM casefile_reach r WHERE r.casefile_id = c.id AND r.kind = 1 AND r.ref = m.holder_id AND r.via = m.id)),
  (SELECT count(*) FROM casefile_reach r JOIN casefile c ON c.id = r.casefile_id WHERE r.until_us > :now_us
    AND NOT (r.kind = 1 AND r.via = 0 AND r.ref = c.party_id)
    AND NOT (r.kind = 2 AND (r.ref = c.unit_id OR EXISTS (SELECT 1 FROM casefile_task t WHERE t.casefile_id = c.id AND t.unit_id = r.ref AND t.done_us IS NULL)))
    AND NOT (r.kind = 4 AND EXISTS (SELECT 1 FROM casefile_signer s WHERE s.signature_id = r.via AND s.party_id = r.ref AND s.casefile_id = c.id))
    AND NOT (r.kind = 3 AND EXISTS (SELECT 1 FROM casefile_look l WHERE l.id = r.via AND l.employee_id = r.ref AND l.casefile_id = c.id AND l.until_us = r.until_us))
    AND NOT (r.kind = 1 AND r.via <> 0 AND EXISTS (SELECT 1 FROM mandate m WHERE m.id = r.via AND m.holder_id = r.ref AND m.giver_id = c.party_id AND m.withdrawn_us IS NULL)))

-- name: casefile_verify_figures :many
-- The counted figures against a recount: how many of each kind differ.
-- out: name text, n int
SELECT k.name, count(*) FROM (
  SELECT b.kind FROM (SELECT t.unit_id, t.kind, t.slot, t.service_key, t.days, t.n FROM casefile_tally t
    UNION ALL SELECT f.unit_id, f.kind, f.slot, f.service_key, f.days, -1 FROM casefile_figure f) b
  GROUP BY b.unit_id, b.kind, b.slot, b.service_key, b.days HAVING sum(b.n) <> 0) d
JOIN casefile_figure_kind k ON k.kind = d.kind GROUP BY k.name ORDER BY k.name

-- name: casefile_tally_stamps :many
-- What the folded figures of units are stamped with. A unit that never had any has none.
-- in: unit_ids ints
-- out: unit_id int, stamp int
SELECT s.unit_id, s.stamp FROM casefile_tally_stamp s WHERE s.unit_id IN :unit_ids

-- name: casefile_tally_folded :many
-- The folded figures of a unit: of months from the given one on, and of now. First, with kind 0, their stamp.
-- in: unit_id int, from_month int
-- out: kind int, slot int, service_key text, days int, n int
SELECT 0, 0, '', 0, s.stamp FROM casefile_tally_stamp s WHERE s.unit_id = :unit_id
UNION ALL
SELECT t.kind, t.slot, t.service_key, t.days, t.n FROM casefile_tally t WHERE t.unit_id = :unit_id AND t.kind <= 5 AND t.slot >= :from_month AND t.part = 0
UNION ALL
SELECT t.kind, t.slot, t.service_key, t.days, t.n FROM casefile_tally t WHERE t.unit_id = :unit_id AND t.kind > 5 AND t.part = 0

-- name: casefile_tally_new :many
-- The figures of units that are not folded in yet. Who reads adds up anyway, and grouping here cost three times the reading.
-- SQLite would rather read all of the unit.
-- in: unit_ids ints
-- out: kind int, slot int, service_key text, days int, n int
SELECT t.kind, t.slot, t.service_key, t.days, t.n FROM casefile_tally t
-- sqlite:
INDEXED BY casefile_tally_new
-- both:
WHERE t.unit_id IN :unit_ids AND t.part <> 0

-- name: casefile_tally_fold :exec
-- What is new becomes one row again with what was; on PostgreSQL each transaction added its own. Two at once take different rows.
-- sqlite:
INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n)
SELECT g.unit_id, g.kind, g.slot, g.service_key, g.days, 0, sum(g.n) FROM casefile_tally g WHERE g.part <> 0 GROUP BY 1, 2, 3, 4, 5 HAVING sum(g.n) <> 0
ON CONFLICT (unit_id, kind, slot, service_key, days, part) DO UPDATE SET n = n + excluded.n
-- postgres:
WITH gone AS (DELETE FROM casefile_tally WHERE part <> 0 RETURNING unit_id, kind, slot, service_key, days, n)
INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n)
SELECT g.unit_id, g.kind, g.slot, g.service_key, g.days, 0, sum(g.n) FROM gone g GROUP BY 1, 2, 3, 4, 5 HAVING sum(g.n) <> 0
ON CONFLICT (unit_id, kind, slot, service_key, days, part) DO UPDATE SET n = casefile_tally.n + excluded.n

-- name: casefile_tally_folded_away :exec
-- What has been folded in, where the statement before has not taken it away itself.
-- sqlite:
DELETE FROM casefile_tally WHERE part <> 0
-- postgres:
SELECT 1

-- name: casefile_tally_tidy :exec
-- Slots with nothing in them.
DELETE FROM casefile_tally WHERE part = 0 AND n = 0

-- name: casefile_erase_replies :exec
-- Law 10.
-- in: casefile_id int
DELETE FROM casefile_reply WHERE casefile_id = :casefile_id
