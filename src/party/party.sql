-- name: party_row :opt
-- A party.
-- in: id int
-- out: id int, version int, kind int, name text, idno blob?, orgno text?, born int?, reserved bool, protected bool, email text?, phone text?, lang int, fetched_us int?
SELECT id, version, kind, name, idno, orgno, born, reserved, protected, email, phone, lang, fetched_us FROM party WHERE id = :id

-- name: party_lock :opt
-- Lock a party's row: a case file that is submitted for it at this moment (whose foreign key shares the row) waits, or is
-- waited for, so that a new mandate misses none and none misses the mandate.
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

-- name: party_mandate_insert :exec
-- A mandate.
-- in: id int, giver_id int, holder_id int, scope text, from_us int, until_us int?, given_us int
INSERT INTO mandate (id, giver_id, holder_id, scope, from_us, until_us, given_us)
VALUES (:id, :giver_id, :holder_id, :scope, :from_us, :until_us, :given_us)

-- name: party_mandate_end :count
-- Withdrawn, unless it was before.
-- in: id int, now_us int, by int
UPDATE mandate SET withdrawn_us = :now_us, withdrawn_by = :by WHERE id = :id AND withdrawn_us IS NULL

-- name: party_mandate_get :opt
-- One mandate.
-- in: id int
-- out: id int, giver_id int, holder_id int, giver_name text, holder_name text, scope text, from_us int, until_us int?, withdrawn_us int?, given_us int
SELECT m.id, m.giver_id, m.holder_id, g.name, h.name, m.scope, m.from_us, m.until_us, m.withdrawn_us, m.given_us
FROM mandate m JOIN party g ON g.id = m.giver_id JOIN party h ON h.id = m.holder_id WHERE m.id = :id

-- name: party_mandate_list :many
-- Given and held by one party.
-- in: party_id int
-- out: id int, giver_id int, holder_id int, giver_name text, holder_name text, scope text, from_us int, until_us int?, withdrawn_us int?, given_us int
SELECT m.id, m.giver_id, m.holder_id, g.name, h.name, m.scope, m.from_us, m.until_us, m.withdrawn_us, m.given_us
FROM (SELECT * FROM mandate WHERE giver_id = :party_id UNION SELECT * FROM mandate WHERE holder_id = :party_id) m
JOIN party g ON g.id = m.giver_id JOIN party h ON h.id = m.holder_id
ORDER BY m.given_us DESC, m.id

-- name: party_mandate_of_giver :many
-- In force now or later, for one service.
-- in: giver_id int, service_key text, now_us int
-- out: id int, giver_id int, holder_id int, giver_name text, holder_name text, scope text, from_us int, until_us int?, withdrawn_us int?, given_us int
SELECT m.id, m.giver_id, m.holder_id, g.name, h.name, m.scope, m.from_us, m.until_us, m.withdrawn_us, m.given_us
FROM mandate m JOIN party g ON g.id = m.giver_id JOIN party h ON h.id = m.holder_id
WHERE m.giver_id = :giver_id AND m.withdrawn_us IS NULL AND (m.until_us IS NULL OR m.until_us > :now_us)
  AND (m.scope = '' OR m.scope = :service_key)
ORDER BY m.given_us, m.id

-- name: party_mandate_in_force :one
-- Whether one may act for another in a service.
-- in: holder_id int, giver_id int, service_key text, now_us int
-- out: may bool
SELECT EXISTS (SELECT 1 FROM mandate WHERE giver_id = :giver_id AND holder_id = :holder_id AND (scope = '' OR scope = :service_key)
  AND from_us <= :now_us AND withdrawn_us IS NULL AND (until_us IS NULL OR until_us > :now_us))

-- name: party_mandate_between :one
-- Whether one may act for another in anything.
-- in: holder_id int, giver_id int, now_us int
-- out: may bool
SELECT EXISTS (SELECT 1 FROM mandate WHERE giver_id = :giver_id AND holder_id = :holder_id
  AND from_us <= :now_us AND withdrawn_us IS NULL AND (until_us IS NULL OR until_us > :now_us))

-- name: party_idno_after :many
-- Sealed numbers, for a new key.
-- in: after int, limit int
-- out: id int, idno blob
SELECT id, idno FROM party WHERE id > :after AND idno IS NOT NULL ORDER BY id LIMIT :limit

-- name: party_idno_reseal :exec
-- The same number under another key.
-- in: id int, idno blob
UPDATE party SET idno = :idno WHERE id = :id

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
