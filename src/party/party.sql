-- name: party_row :opt
-- A party.
-- in: id int
-- out: id int, version int, kind int, name text, idno blob?, orgno text?, born int?, reserved bool, protected bool, email text?, phone text?, lang int, fetched_us int?
SELECT id, version, kind, name, idno, orgno, born, reserved, protected, email, phone, lang, fetched_us FROM party WHERE id = :id

-- name: party_lock :opt
-- Lock a party's row: a case file that is submitted for it at this moment (whose foreign key shares the row) waits, or is
-- waited for, so that a new mandate misses none and none misses the mandate. Before a person is forgotten: whoever holds her has ended.
-- in: id int
-- out: id int
SELECT id FROM party WHERE id = :id
-- postgres:
FOR UPDATE

-- name: party_by_hash :opt
-- The party with this identity number.
-- in: idno_hash hash
-- out: id int, name text
SELECT id, name FROM party WHERE idno_hash = :idno_hash

-- name: party_by_orgno :opt
-- The organisation with this number.
-- in: orgno text
-- out: id int
SELECT id FROM party WHERE orgno = :orgno

-- name: party_insert :count
-- A new party; none when somebody made it at the same moment.
-- in: id int, kind int, name text, sort_name text, idno blob?, idno_hash blob?, idno_key int, orgno text?, born int?, reserved bool, protected bool, email text?, phone text?, lang int, fetched_us int?, now_us int
INSERT INTO party (id, version, kind, name, sort_name, idno, idno_hash, idno_key, orgno, born, reserved, protected, email, phone, lang, fetched_us, created_us)
VALUES (:id, 1, :kind, :name, :sort_name, :idno, :idno_hash, :idno_key, :orgno, :born, :reserved, :protected, :email, :phone, :lang, :fetched_us, :now_us)
ON CONFLICT DO NOTHING

-- name: party_update_register :count
-- What the register says now.
-- in: id int, name text, sort_name text, born int?, reserved bool, protected bool, fetched_us int
UPDATE party SET version = version + 1, name = :name, sort_name = :sort_name, born = :born, reserved = :reserved, protected = :protected, fetched_us = :fetched_us
WHERE id = :id

-- name: party_update_contact :count
-- Contact the party gives itself, if nobody changed the party meanwhile.
-- in: id int, version int, email text?, phone text?
UPDATE party SET version = version + 1, email = :email, phone = :phone WHERE id = :id AND version = :version

-- name: party_update_lang :exec
-- The language a party uses.
-- in: id int, lang int
UPDATE party SET lang = :lang WHERE id = :id AND lang <> :lang

-- name: party_fact_put :exec
-- One thing that was told.
-- in: party_id int, attr text, value text, source text, fetched_us int
INSERT INTO party_fact (party_id, attr, value, source, fetched_us) VALUES (:party_id, :attr, :value, :source, :fetched_us)
ON CONFLICT (party_id, attr) DO UPDATE SET value = excluded.value, source = excluded.source, fetched_us = excluded.fetched_us

-- name: party_fact_drop :exec
-- Forget one thing.
-- in: party_id int, attr text
DELETE FROM party_fact WHERE party_id = :party_id AND attr = :attr

-- name: party_fact_list :many
-- Everything told about a party.
-- in: party_id int
-- out: attr text, value text, source text, fetched_us int
SELECT attr, value, source, fetched_us FROM party_fact WHERE party_id = :party_id ORDER BY attr

-- fragment: mandate_covers(scope, service_key)
-- A scope is empty (every service) or the keys of services with a blank between them.
(@scope@ = '' OR replace(' ' || @scope@ || ' ', ' ' || @service_key@ || ' ', '') <> ' ' || @scope@ || ' ')

-- fragment: mandate_now(m)
-- In force.
(@m@.from_us <= :now_us AND @m@.withdrawn_us IS NULL AND (@m@.until_us IS NULL OR @m@.until_us > :now_us))

-- fragment: mandate_by_register(m)
-- Custody or an organisation, as a register said when it was asked last, if a day or more ago.
(@m@.basis IN (4, 5) AND @m@.withdrawn_us IS NULL)

-- name: party_mandate_insert :exec
-- A mandate.
-- in: id int, giver_id int, holder_id int, scope text, act bool, basis int, from_us int, until_us int?, given_us int, registered_by int?, purpose text, document blob?, document_bytes int, document_mime text
INSERT INTO mandate (id, giver_id, holder_id, scope, act, basis, from_us, until_us, given_us, registered_by, purpose, document, document_bytes, document_mime)
VALUES (:id, :giver_id, :holder_id, :scope, :act, :basis, :from_us, :until_us, :given_us, :registered_by, :purpose, :document, :document_bytes, :document_mime)

-- name: party_mandate_end :count
-- Withdrawn, unless it was before.
-- in: id int, now_us int, by int?
UPDATE mandate SET withdrawn_us = :now_us, withdrawn_by = :by WHERE id = :id AND withdrawn_us IS NULL

-- name: party_mandate_renew :count
-- The register says it still.
-- in: id int, until_us int
UPDATE mandate SET until_us = :until_us WHERE id = :id AND withdrawn_us IS NULL AND basis IN (4, 5)

-- name: party_mandate_get :opt
-- One mandate.
-- in: id int
-- out: id int, giver_id int, holder_id int, giver_name text, holder_name text, giver_kind int, scope text, act bool, basis int, from_us int, until_us int?, withdrawn_us int?, withdrawn_by int?, given_us int, registered_by text?, purpose text, document blob?, document_bytes int, document_mime text
SELECT m.id, m.giver_id, m.holder_id, g.name, h.name, g.kind, m.scope, m.act, m.basis, m.from_us, m.until_us, m.withdrawn_us, m.withdrawn_by, m.given_us, e.name, m.purpose, m.document, m.document_bytes, m.document_mime
FROM mandate m JOIN party g ON g.id = m.giver_id JOIN party h ON h.id = m.holder_id LEFT JOIN employee e ON e.id = m.registered_by
WHERE m.id = :id

-- name: party_mandate_list :many
-- Given and held by one party.
-- in: party_id int
-- out: id int, giver_id int, holder_id int, giver_name text, holder_name text, giver_kind int, scope text, act bool, basis int, from_us int, until_us int?, withdrawn_us int?, withdrawn_by int?, given_us int, registered_by text?, purpose text, document blob?, document_bytes int, document_mime text
SELECT m.id, m.giver_id, m.holder_id, g.name, h.name, g.kind, m.scope, m.act, m.basis, m.from_us, m.until_us, m.withdrawn_us, m.withdrawn_by, m.given_us, e.name, m.purpose, m.document, m.document_bytes, m.document_mime
FROM (SELECT * FROM mandate WHERE giver_id = :party_id UNION SELECT * FROM mandate WHERE holder_id = :party_id) m
JOIN party g ON g.id = m.giver_id JOIN party h ON h.id = m.holder_id LEFT JOIN employee e ON e.id = m.registered_by
ORDER BY m.given_us DESC, m.id

-- name: party_mandate_of_giver :many
-- In force now or later, for one service.
-- in: giver_id int, service_key text, now_us int
-- out: id int, giver_id int, holder_id int, giver_name text, holder_name text, giver_kind int, scope text, act bool, basis int, from_us int, until_us int?, withdrawn_us int?, withdrawn_by int?, given_us int, registered_by text?, purpose text, document blob?, document_bytes int, document_mime text
SELECT m.id, m.giver_id, m.holder_id, g.name, h.name, g.kind, m.scope, m.act, m.basis, m.from_us, m.until_us, m.withdrawn_us, m.withdrawn_by, m.given_us, e.name, m.purpose, m.document, m.document_bytes, m.document_mime
FROM mandate m JOIN party g ON g.id = m.giver_id JOIN party h ON h.id = m.holder_id LEFT JOIN employee e ON e.id = m.registered_by
WHERE m.giver_id = :giver_id AND m.withdrawn_us IS NULL AND (m.until_us IS NULL OR m.until_us > :now_us)
  AND @mandate_covers(m.scope, :service_key)@
ORDER BY m.given_us, m.id

-- name: party_mandate_held :many
-- In force now, by who may act; service_key empty: of every service.
-- in: holder_id int, service_key text, now_us int
-- out: id int, giver_id int, holder_id int, giver_name text, holder_name text, giver_kind int, scope text, act bool, basis int, from_us int, until_us int?, withdrawn_us int?, withdrawn_by int?, given_us int, registered_by text?, purpose text, document blob?, document_bytes int, document_mime text
SELECT m.id, m.giver_id, m.holder_id, g.name, h.name, g.kind, m.scope, m.act, m.basis, m.from_us, m.until_us, m.withdrawn_us, m.withdrawn_by, m.given_us, e.name, m.purpose, m.document, m.document_bytes, m.document_mime
FROM mandate m JOIN party g ON g.id = m.giver_id JOIN party h ON h.id = m.holder_id LEFT JOIN employee e ON e.id = m.registered_by
WHERE m.holder_id = :holder_id AND @mandate_now(m)@ AND (:service_key = '' OR @mandate_covers(m.scope, :service_key)@)
ORDER BY g.sort_name, m.giver_id, m.act DESC, m.given_us, m.id

-- name: party_mandate_in_force :one
-- Whether one may act for another in a service.
-- in: holder_id int, giver_id int, service_key text, now_us int
-- out: may bool
SELECT EXISTS (SELECT 1 FROM mandate m WHERE m.giver_id = :giver_id AND m.holder_id = :holder_id AND m.act = 1 AND @mandate_covers(m.scope, :service_key)@ AND @mandate_now(m)@)

-- name: party_mandate_between :one
-- Whether one may see or act for another in anything, or a register has named one for the other (law 7).
-- in: holder_id int, giver_id int, now_us int
-- out: may bool
SELECT EXISTS (SELECT 1 FROM mandate m WHERE m.giver_id = :giver_id AND m.holder_id = :holder_id AND (@mandate_now(m)@ OR @mandate_by_register(m)@))

-- name: party_relations_known :one
-- Whether registers have said before that a person has a child or speaks for an organisation.
-- in: holder_id int
-- out: known bool
SELECT EXISTS (SELECT 1 FROM mandate m WHERE m.holder_id = :holder_id AND @mandate_by_register(m)@)

-- name: party_speaks_for :one
-- What a register said of the two when it was asked last.
-- in: holder_id int, giver_id int
-- out: custody bool, business bool
SELECT EXISTS (SELECT 1 FROM mandate m WHERE m.giver_id = :giver_id AND m.holder_id = :holder_id AND m.basis = 4 AND m.withdrawn_us IS NULL),
  EXISTS (SELECT 1 FROM mandate m WHERE m.giver_id = :giver_id AND m.holder_id = :holder_id AND m.basis = 5 AND m.withdrawn_us IS NULL)

-- name: party_mandate_documents :many
-- Mandates of a person that have a document.
-- in: party_id int
-- out: id int
SELECT id FROM mandate WHERE (giver_id = :party_id OR holder_id = :party_id) AND document IS NOT NULL

-- name: party_offer_insert :exec
-- A mandate is offered.
-- in: id int, giver_id int, holder_hash hash, holder_name text, scope text, act bool, until_us int, now_us int, expires_us int
INSERT INTO mandate_offer (id, giver_id, holder_hash, holder_name, scope, act, until_us, offered_us, expires_us, answer)
VALUES (:id, :giver_id, :holder_hash, :holder_name, :scope, :act, :until_us, :now_us, :expires_us, 0)

-- name: party_offer_get :opt
-- One offer; who may see it is asked in C.
-- in: id int
-- out: id int, giver_id int, giver_name text, holder_hash blob, holder_name text, scope text, act bool, until_us int, offered_us int, expires_us int, answer int
SELECT o.id, o.giver_id, g.name, o.holder_hash, o.holder_name, o.scope, o.act, o.until_us, o.offered_us, o.expires_us, o.answer
FROM mandate_offer o JOIN party g ON g.id = o.giver_id WHERE o.id = :id

-- name: party_offers_of_giver :many
-- What a person has offered and nobody has answered yet, newest first; over_too: also what is over.
-- in: giver_id int, over_too bool, now_us int
-- out: id int, giver_id int, giver_name text, holder_name text, scope text, act bool, until_us int, offered_us int, expires_us int, answer int, answered_us int?
SELECT o.id, o.giver_id, g.name, o.holder_name, o.scope, o.act, o.until_us, o.offered_us, o.expires_us, o.answer, o.answered_us
FROM mandate_offer o JOIN party g ON g.id = o.giver_id WHERE o.giver_id = :giver_id AND (:over_too = 1 OR (o.answer = 0 AND o.expires_us > :now_us))
ORDER BY o.offered_us DESC, o.id

-- name: party_offers_to :many
-- What is offered to the one with that number, oldest first; whether the name fits is asked in C. over_too: also what is over, but
-- for what was taken back.
-- in: holder_hash hash, over_too bool, now_us int
-- out: id int, giver_id int, giver_name text, holder_name text, scope text, act bool, until_us int, offered_us int, expires_us int, answer int, answered_us int?
SELECT o.id, o.giver_id, g.name, o.holder_name, o.scope, o.act, o.until_us, o.offered_us, o.expires_us, o.answer, o.answered_us
FROM mandate_offer o JOIN party g ON g.id = o.giver_id WHERE o.holder_hash = :holder_hash AND ((:over_too = 1 AND o.answer <> 3) OR (o.answer = 0 AND o.expires_us > :now_us))
ORDER BY o.offered_us, o.id

-- name: party_offers_since :one
-- How many a person has made since a time.
-- in: giver_id int, since_us int
-- out: n int
SELECT count(*) FROM mandate_offer WHERE giver_id = :giver_id AND offered_us > :since_us

-- name: party_offer_answer :count
-- Yes, no, or taken back; once.
-- in: id int, answer int, now_us int
UPDATE mandate_offer SET answer = :answer, answered_us = :now_us WHERE id = :id AND answer = 0

-- name: party_offers_sweep :exec
-- Offers that are over: answered, or too old.
-- in: before_us int
DELETE FROM mandate_offer WHERE expires_us <= :before_us

-- name: party_idno_hash :opt
-- The keyed hash of a party's number.
-- in: id int
-- out: idno_hash blob?
SELECT idno_hash FROM party WHERE id = :id

-- name: party_message_insert :exec
-- A person is told of a mandate.
-- in: id int, party_id int, kind int, other text, scope text, act bool, until_us int?, now_us int, paper bool
INSERT INTO mandate_message (id, party_id, kind, other, scope, act, until_us, at_us, paper)
VALUES (:id, :party_id, :kind, :other, :scope, :act, :until_us, :now_us, :paper)

-- name: party_messages_unseen :many
-- What a person has not seen yet, newest first.
-- in: party_id int
-- out: id int, kind int, other text, scope text, act bool, until_us int?, at_us int
SELECT id, kind, other, scope, act, until_us, at_us FROM mandate_message WHERE party_id = :party_id AND seen_us IS NULL
ORDER BY at_us DESC, id LIMIT 50

-- name: party_messages_of :many
-- All that a person was told and that is still kept, newest first.
-- in: party_id int
-- out: id int, kind int, other text, scope text, act bool, until_us int?, at_us int, seen_us int?, paper bool, posted_us int?
SELECT id, kind, other, scope, act, until_us, at_us, seen_us, paper, posted_us FROM mandate_message WHERE party_id = :party_id
ORDER BY at_us DESC, id

-- name: party_messages_seen :exec
-- Seen on my page.
-- in: party_id int, now_us int
UPDATE mandate_message SET seen_us = :now_us WHERE party_id = :party_id AND seen_us IS NULL

-- name: party_messages_sweep :exec
-- What has been seen or posted for long.
-- in: before_us int
DELETE FROM mandate_message WHERE at_us <= :before_us AND (seen_us IS NOT NULL OR posted_us IS NOT NULL)

-- name: party_messages_paper :many
-- What waits for the post, or (id not 0) this one if it does, oldest first; a protected person's only for those with the right.
-- in: id int, protected_too bool, viewer_party int, limit int
-- out: id int, party_id int, name text, kind int, other text, scope text, act bool, until_us int?, at_us int
SELECT x.id, x.party_id, p.name, x.kind, x.other, x.scope, x.act, x.until_us, x.at_us
FROM mandate_message x JOIN party p ON p.id = x.party_id
WHERE x.paper = 1 AND x.posted_us IS NULL AND (:id = 0 OR x.id = :id) AND (:protected_too = 1 OR p.protected = 0) AND x.party_id <> :viewer_party
ORDER BY x.at_us, x.id LIMIT :limit

-- name: party_message_posted :count
-- Given to the post.
-- in: id int, now_us int, employee_id int
UPDATE mandate_message SET posted_us = :now_us, posted_by = :employee_id WHERE id = :id AND paper = 1 AND posted_us IS NULL

-- name: party_erase_offers :exec
-- What a person offered, and what was offered to her number.
-- in: party_id int
DELETE FROM mandate_offer WHERE giver_id = :party_id OR holder_hash = (SELECT idno_hash FROM party WHERE id = :party_id)

-- name: party_erase_messages :exec
-- What she was told.
-- in: party_id int
DELETE FROM mandate_message WHERE party_id = :party_id

-- name: party_idno_after :many
-- Sealed numbers, for a new key.
-- in: after int, limit int
-- out: id int, idno blob
SELECT id, idno FROM party WHERE id > :after AND idno IS NOT NULL ORDER BY id LIMIT :limit

-- name: party_idno_reseal :exec
-- The same number under another key.
-- in: id int, idno blob
UPDATE party SET idno = :idno WHERE id = :id

-- name: party_hold :opt
-- Whether a person is there; if so she stays until the transaction has ended (as if something referred to her).
-- in: party_id int
-- out: id int
SELECT id FROM party WHERE id = :party_id
-- postgres:
FOR KEY SHARE

-- name: party_erase_facts :exec
-- Law 10: a person who has no matter any more. What was told of her.
-- in: party_id int
DELETE FROM party_fact WHERE party_id = :party_id

-- name: party_erase_mandates :exec
-- Mandates that are over.
-- in: party_id int
DELETE FROM mandate WHERE giver_id = :party_id OR holder_id = :party_id

-- name: party_erase_row :count
-- And herself.
-- in: party_id int
DELETE FROM party WHERE id = :party_id

-- name: party_mandate_binds :one
-- Whether a mandate that she gave or holds is in force now or later.
-- in: party_id int, now_us int
-- out: binds bool
SELECT EXISTS (SELECT 1 FROM mandate WHERE (giver_id = :party_id OR holder_id = :party_id) AND withdrawn_us IS NULL AND (until_us IS NULL OR until_us > :now_us))
