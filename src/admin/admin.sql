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

-- name: admin_incident_add :exec
-- So many more in this hour.
-- in: err int, hour_us int, n int, last_us int
INSERT INTO admin_incident (err, hour_us, n, last_us) VALUES (:err, :hour_us, :n, :last_us)
ON CONFLICT (err, hour_us) DO UPDATE SET n = admin_incident.n + excluded.n,
    last_us = CASE WHEN admin_incident.last_us > excluded.last_us THEN admin_incident.last_us ELSE excluded.last_us END

-- name: admin_incidents :many
-- What failed since, by kind, most first.
-- in: since_us int
-- out: err int, n int, last_us int
SELECT err, CAST(sum(n) AS bigint), max(last_us) FROM admin_incident WHERE last_us >= :since_us
GROUP BY err ORDER BY sum(n) DESC, err

-- name: admin_incident_forget :exec
-- Forget what is long ago.
-- in: before_us int
DELETE FROM admin_incident WHERE hour_us < :before_us
