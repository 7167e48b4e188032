-- name: admin_probe_set :exec
-- What was found now; "since" stays while it is the same.
-- in: name text, ok bool, detail text, now_us int
INSERT INTO admin_probe (name, ok, detail, at_us, since_us) VALUES (:name, :ok, :detail, :now_us, :now_us)
ON CONFLICT (name) DO UPDATE SET
    since_us = CASE WHEN admin_probe.ok = excluded.ok THEN admin_probe.since_us ELSE excluded.at_us END,
    ok = excluded.ok, detail = excluded.detail, at_us = excluded.at_us

-- name: admin_probe_list :many
-- All that was found.
-- out: name text, ok bool, detail text, at_us int, since_us int
SELECT name, ok, detail, at_us, since_us FROM admin_probe ORDER BY name

-- name: admin_outage_begin :exec
-- It does not work, since the time that admin_probe says: a row however often that is seen.
-- in: name text
INSERT INTO admin_outage (name, since_us) SELECT name, since_us FROM admin_probe WHERE name = :name
ON CONFLICT (name, since_us) DO NOTHING

-- name: admin_outage_end :exec
-- It works.
-- in: name text, now_us int
UPDATE admin_outage SET until_us = :now_us WHERE name = :name AND until_us IS NULL

-- name: admin_outage_widen :count
-- It is part of one that is known: other processes see the same one, a little earlier or later. So much beside it counts too.
-- in: name text, since_us int, until_us int, beside_us int
UPDATE admin_outage SET since_us = CASE WHEN since_us < :since_us THEN since_us ELSE :since_us END,
    until_us = CASE WHEN until_us > :until_us THEN until_us ELSE :until_us END
WHERE name = :name AND since_us = (SELECT min(o.since_us) FROM admin_outage o
    WHERE o.name = :name AND o.since_us <= :until_us + :beside_us AND o.until_us >= :since_us - :beside_us)

-- name: admin_outage_add :exec
-- One that is over.
-- in: name text, since_us int, until_us int
INSERT INTO admin_outage (name, since_us, until_us) VALUES (:name, :since_us, :until_us)
ON CONFLICT (name, since_us) DO NOTHING

-- name: admin_outages :many
-- What was over since, the latest first.
-- in: since_us int
-- out: name text, since_us int, until_us int
SELECT name, since_us, until_us FROM admin_outage WHERE until_us >= :since_us ORDER BY until_us DESC, name

-- name: admin_outage_forget :exec
-- Forget what is long ago; one that still lasts is seen again.
-- in: before_us int
DELETE FROM admin_outage WHERE coalesce(until_us, since_us) < :before_us

-- name: admin_incident_add :exec
-- So many more in this hour.
-- in: err int, hour_us int, n int, first_us int, last_us int
INSERT INTO admin_incident (err, hour_us, n, first_us, last_us) VALUES (:err, :hour_us, :n, :first_us, :last_us)
ON CONFLICT (err, hour_us) DO UPDATE SET n = admin_incident.n + excluded.n,
    first_us = CASE WHEN admin_incident.first_us < excluded.first_us THEN admin_incident.first_us ELSE excluded.first_us END,
    last_us = CASE WHEN admin_incident.last_us > excluded.last_us THEN admin_incident.last_us ELSE excluded.last_us END

-- name: admin_incidents :many
-- What failed since, by kind, most first.
-- in: since_us int
-- out: err int, n int, first_us int, last_us int
SELECT err, CAST(sum(n) AS bigint), min(coalesce(first_us, last_us)), max(last_us) FROM admin_incident WHERE last_us >= :since_us
GROUP BY err ORDER BY sum(n) DESC, err

-- name: admin_incident_forget :exec
-- Forget what is long ago.
-- in: before_us int
DELETE FROM admin_incident WHERE hour_us < :before_us
