-- name: auth_session_get :opt
-- The session of a cookie, with what its employee may do now. Ended ones are not found.
-- in: token blob, now_us int, seen_after_us int
-- out: id int, kind int, party_id int?, employee_id int?, name text, unit_id int?, assurance int, origin_id int?, provider text?, sid text?, id_token blob?, seen_us int, ends_us int, roles int?, employee_party_id int?, employee_name text?, units text?, stay_party_id int?, stay_name text?, stay_purpose text?, stay_channel int?, stay_ends_us int?
-- sqlite:
SELECT s.id, s.kind, s.party_id, s.employee_id, s.name, s.unit_id, s.assurance, s.origin_id, s.provider, s.sid, s.id_token,
    s.seen_us, s.ends_us, e.roles, e.party_id, e.name,
    (SELECT group_concat(x.pair, ' ') FROM (SELECT u.id || ':' || u.key AS pair FROM employee_unit eu JOIN unit u ON u.id = eu.unit_id
        WHERE eu.employee_id = s.employee_id AND u.active = 1 ORDER BY u.key) x),
    st.party_id, st.name, st.purpose, st.channel, st.ends_us
FROM session s LEFT JOIN employee e ON e.id = s.employee_id AND e.active = 1
    LEFT JOIN counter_stay st ON st.session_id = s.id AND st.employee_id = s.employee_id AND st.ends_us > :now_us
WHERE s.token = :token AND s.ends_us > :now_us AND (s.kind = 0 OR s.seen_us > :seen_after_us)
-- postgres:
SELECT s.id, s.kind, s.party_id, s.employee_id, s.name, s.unit_id, s.assurance, s.origin_id, s.provider, s.sid, s.id_token,
    s.seen_us, s.ends_us, e.roles, e.party_id, e.name,
    (SELECT string_agg(u.id || ':' || u.key, ' ' ORDER BY u.key) FROM employee_unit eu JOIN unit u ON u.id = eu.unit_id
        WHERE eu.employee_id = s.employee_id AND u.active = 1),
    st.party_id, st.name, st.purpose, st.channel, st.ends_us
FROM session s LEFT JOIN employee e ON e.id = s.employee_id AND e.active = 1
    LEFT JOIN counter_stay st ON st.session_id = s.id AND st.employee_id = s.employee_id AND st.ends_us > :now_us
WHERE s.token = :token AND s.ends_us > :now_us AND (s.kind = 0 OR s.seen_us > :seen_after_us)

-- name: auth_session_was :opt
-- Whose a session was that has ended by itself.
-- in: token blob, since_us int
-- out: kind int, party_id int?, employee_id int?
SELECT kind, party_id, employee_id FROM session WHERE token = :token AND kind <> 0 AND ends_us > :since_us

-- name: auth_session_seen :exec
-- Note that a session is alive.
-- in: id int, now_us int
UPDATE session SET seen_us = :now_us WHERE id = :id AND seen_us < :now_us

-- name: auth_session_add :exec
-- A session begins.
-- in: id int, token blob, kind int, party_id int?, employee_id int?, name text, unit_id int?, assurance int, origin_id int?, provider text?, sid text?, id_token blob?, now_us int, ends_us int
INSERT INTO session (id, token, kind, party_id, employee_id, name, unit_id, assurance, origin_id, provider, sid, id_token, created_us, seen_us, ends_us)
VALUES (:id, :token, :kind, :party_id, :employee_id, :name, :unit_id, :assurance, :origin_id, :provider, :sid, :id_token, :now_us, :now_us, :ends_us)
ON CONFLICT (id) DO NOTHING

-- name: auth_session_end :exec
-- A session ends.
-- in: id int
DELETE FROM session WHERE id = :id

-- name: auth_session_end_of :exec
-- All sessions of an employee or of a party end; 0 is nobody.
-- in: employee_id int, party_id int
DELETE FROM session WHERE (:employee_id <> 0 AND employee_id = :employee_id) OR (:party_id <> 0 AND party_id = :party_id)

-- name: auth_session_end_sid :count
-- The identity provider says that a login there is over.
-- in: provider text, sid text
DELETE FROM session WHERE provider = :provider AND sid = :sid

-- name: auth_session_unit :exec
-- The employee acts for another unit from now on.
-- in: id int, unit_id int
UPDATE session SET unit_id = :unit_id WHERE id = :id

-- name: auth_session_sweep :count
-- Erase what is over. Anonymous sessions live to their absolute limit, because drafts hang on them.
-- in: now_us int, seen_after_us int
DELETE FROM session WHERE ends_us <= :now_us OR (kind <> 0 AND seen_us <= :seen_after_us)

-- name: auth_stay_add :exec
-- A citizen is open at the counter; the session's own end is the latest.
-- in: session_id int, employee_id int, unit_id int, party_id int, name text, channel int, purpose text, now_us int, ends_us int
INSERT INTO counter_stay (session_id, employee_id, unit_id, party_id, name, channel, purpose, begun_us, ends_us)
VALUES (:session_id, :employee_id, :unit_id, :party_id, :name, :channel, :purpose, :now_us, :ends_us)

-- name: auth_stay_seen :exec
-- Something happened: the stay goes on.
-- in: session_id int, ends_us int
UPDATE counter_stay SET ends_us = :ends_us WHERE session_id = :session_id AND ends_us < :ends_us

-- name: auth_stay_end :exec
-- The citizen is closed again.
-- in: session_id int
DELETE FROM counter_stay WHERE session_id = :session_id

-- name: auth_stay_sweep :count
-- Stays that are over.
-- in: now_us int
DELETE FROM counter_stay WHERE ends_us <= :now_us

-- name: auth_login_add :exec
-- A login leaves for the identity provider.
-- in: state blob, browser blob, provider text, nonce text, verifier blob, level int, next text, ends_us int
INSERT INTO login (state, browser, provider, nonce, verifier, level, next, ends_us)
VALUES (:state, :browser, :provider, :nonce, :verifier, :level, :next, :ends_us)

-- name: auth_login_take :one
-- A login is back: its row is used up, whatever comes of it.
-- in: state blob
-- out: browser blob, provider text, nonce text, verifier blob, level int, next text, ends_us int
DELETE FROM login WHERE state = :state RETURNING browser, provider, nonce, verifier, level, next, ends_us

-- name: auth_login_sweep :count
-- Logins that nobody came back from.
-- in: now_us int
DELETE FROM login WHERE ends_us <= :now_us

-- name: auth_unit_put :exec
-- A unit of municipality.yaml.
-- in: id int, key text, name text
INSERT INTO unit (id, key, name, active) VALUES (:id, :key, :name, 1)
ON CONFLICT (key) DO UPDATE SET name = excluded.name, active = 1

-- name: auth_unit_all :many
-- Every unit there ever was.
-- out: id int, key text, name text, active int
SELECT id, key, name, active FROM unit ORDER BY name, id

-- Does somebody with one of these roles work for this unit now?
-- fragment: unit_has(unit_id, roles)
EXISTS (SELECT 1 FROM employee_unit eu JOIN employee worker ON worker.id = eu.employee_id JOIN unit place ON place.id = eu.unit_id
  WHERE eu.unit_id = @unit_id@ AND place.active = 1 AND worker.active = 1 AND (worker.roles & @roles@) <> 0)

-- name: auth_units_with :many
-- Active units that somebody with one of these roles works for.
-- in: roles int
-- out: id int, key text, name text, active int
SELECT u.id, u.key, u.name, u.active FROM unit u WHERE @unit_has(u.id, :roles)@ ORDER BY u.name, u.id

-- name: auth_unit_has :one
-- The same of one unit.
-- in: unit_id int, roles int
-- out: has bool
SELECT @unit_has(:unit_id, :roles)@

-- name: auth_unit_gone :exec
-- The unit is no longer in municipality.yaml.
-- in: id int
UPDATE unit SET active = 0 WHERE id = :id

-- name: auth_unit_key :one
-- A unit by key.
-- in: key text
-- out: id int, key text, name text, active int
SELECT id, key, name, active FROM unit WHERE key = :key

-- name: auth_unit_get :one
-- A unit by id.
-- in: id int
-- out: id int, key text, name text, active int
SELECT id, key, name, active FROM unit WHERE id = :id

-- name: auth_employee_put :one
-- An employee by key: new, or as the source says now.
-- in: id int, key text, name text, email text?, phone text?, title text?, party_id int?, roles int
-- out: id int
INSERT INTO employee (id, key, name, email, phone, title, party_id, roles, active)
VALUES (:id, :key, :name, :email, :phone, :title, :party_id, :roles, 1)
ON CONFLICT (key) DO UPDATE SET name = excluded.name, email = excluded.email, phone = excluded.phone, title = excluded.title,
    party_id = coalesce(excluded.party_id, employee.party_id), roles = excluded.roles, active = 1
RETURNING id

-- name: auth_employee_gone :exec
-- The employee has left.
-- in: id int
UPDATE employee SET active = 0 WHERE id = :id

-- name: auth_employee_all :many
-- Every active employee.
-- out: id int, key text, name text, email text?, phone text?, title text?, party_id int?, roles int, active int
SELECT id, key, name, email, phone, title, party_id, roles, active FROM employee WHERE active = 1 ORDER BY name, id

-- name: auth_employee_get :one
-- An employee by id, also one who has left.
-- in: id int
-- out: id int, key text, name text, email text?, phone text?, title text?, party_id int?, roles int, active int
SELECT id, key, name, email, phone, title, party_id, roles, active FROM employee WHERE id = :id

-- name: auth_employee_key :one
-- An employee by key.
-- in: key text
-- out: id int, key text, name text, email text?, phone text?, title text?, party_id int?, roles int, active int
SELECT id, key, name, email, phone, title, party_id, roles, active FROM employee WHERE key = :key

-- name: auth_employee_find :many
-- Active employees whom a login may mean: by key, or by e-mail whatever the case of its letters.
-- in: value text
-- out: id int, key text, name text, email text?, phone text?, title text?, party_id int?, roles int, active int
SELECT id, key, name, email, phone, title, party_id, roles, active FROM employee
WHERE active = 1 AND (key = :value OR lower(email) = lower(:value)) ORDER BY id LIMIT 2

-- name: auth_employee_party :exec
-- Now it is known who the employee is as a party.
-- in: id int, party_id int
UPDATE employee SET party_id = :party_id WHERE id = :id

-- name: auth_employee_roles :exec
-- Roles as the login's claims say.
-- in: id int, roles int
UPDATE employee SET roles = :roles WHERE id = :id

-- name: auth_employees_of :many
-- Active employees of a unit.
-- in: unit_id int
-- out: id int, key text, name text, email text?, phone text?, title text?, party_id int?, roles int, active int
SELECT e.id, e.key, e.name, e.email, e.phone, e.title, e.party_id, e.roles, e.active
FROM employee_unit eu JOIN employee e ON e.id = eu.employee_id
WHERE eu.unit_id = :unit_id AND e.active = 1 ORDER BY e.name, e.id

-- name: auth_units_of :many
-- Active units of an employee.
-- in: employee_id int
-- out: id int, key text, name text
SELECT u.id, u.key, u.name FROM employee_unit eu JOIN unit u ON u.id = eu.unit_id
WHERE eu.employee_id = :employee_id AND u.active = 1 ORDER BY u.key

-- name: auth_employee_unit_add :exec
-- An employee works for a unit.
-- in: employee_id int, unit_id int
INSERT INTO employee_unit (employee_id, unit_id) VALUES (:employee_id, :unit_id) ON CONFLICT DO NOTHING

-- name: auth_employee_unit_remove :exec
-- An employee no longer works for a unit.
-- in: employee_id int, unit_id int
DELETE FROM employee_unit WHERE employee_id = :employee_id AND unit_id = :unit_id

-- fragment: employee_absent(employee_id, now_us)
-- Away now.
EXISTS (SELECT 1 FROM employee_absence ab WHERE ab.employee_id = @employee_id@ AND ab.from_us <= @now_us@ AND (ab.until_us IS NULL OR ab.until_us > @now_us@))

-- Is somebody else to look after the cases this employee has in this unit: away now, left the house, or left the unit? Asks
-- nothing for an employee_id of none.
-- fragment: employee_away(employee_id, unit_id, now_us)
(@employee_id@ IS NOT NULL AND (
  @employee_absent(@employee_id@, @now_us@)@
  OR NOT EXISTS (SELECT 1 FROM employee_unit eu JOIN employee here ON here.id = eu.employee_id WHERE eu.employee_id = @employee_id@ AND eu.unit_id = @unit_id@ AND here.active = 1)))

-- name: auth_absence_put :exec
-- Away from then until then; an absence that was known before is replaced.
-- in: employee_id int, from_us int, until_us int?, set_by int, now_us int
INSERT INTO employee_absence (employee_id, from_us, until_us, set_by, set_us) VALUES (:employee_id, :from_us, :until_us, :set_by, :now_us)
ON CONFLICT (employee_id) DO UPDATE SET from_us = excluded.from_us, until_us = excluded.until_us, set_by = excluded.set_by, set_us = excluded.set_us

-- name: auth_absence_end :exec
-- Here again.
-- in: employee_id int
DELETE FROM employee_absence WHERE employee_id = :employee_id

-- name: auth_absence_get :opt
-- The absence that is now or comes.
-- in: employee_id int, now_us int
-- out: from_us int, until_us int?, set_by text
SELECT a.from_us, a.until_us, e.name FROM employee_absence a JOIN employee e ON e.id = a.set_by
WHERE a.employee_id = :employee_id AND (a.until_us IS NULL OR a.until_us > :now_us)

-- name: auth_absence_sweep :exec
-- Absences that are over are nobody's business any more.
-- in: now_us int
DELETE FROM employee_absence WHERE until_us <= :now_us
