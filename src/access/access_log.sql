-- What the data protection officer reads of the log.

-- name: access_log :many
-- Views by employees in a time, newest first. Ids are of rand_id_at: the time is a range of them. 0: of all employees, units.
-- in: from_id int, before_id int, employee_id int, unit_id int, refused_only bool, limit int
-- out: id int, at_us int, employee_id int, employee_name text?, employee_party int?, unit_key text?, unit_name text?, roles int, kind text, purpose text, legal_basis text, casefile_no text, refused bool, subjects blob
SELECT v.id, v.at_us, v.viewer_id, e.name, e.party_id, u.key, u.name, v.roles, v.kind, v.purpose, v.legal_basis, v.casefile_no, v.refused, v.subjects
FROM access_view v LEFT JOIN employee e ON e.id = v.viewer_id LEFT JOIN unit u ON u.id = v.unit_id
WHERE v.id >= :from_id AND v.id < :before_id AND v.viewer_kind = 2 AND (:employee_id = 0 OR v.viewer_id = :employee_id) AND (:unit_id = 0 OR v.unit_id = :unit_id)
  AND (:refused_only = 0 OR v.refused = 1)
ORDER BY v.id DESC LIMIT :limit

-- name: access_withheld_list :many
-- Entries that are, or were lately, withheld: in which case, by which law, until when, by whom. Newest first; of one employee, or (0) all.
-- in: employee_id int, since_us int, limit int
-- out: id int, casefile_no text?, legal_basis text, until_us int, employee_id int, employee_name text?, decided_us int
SELECT w.id, c.no, w.legal_basis, w.until_us, w.employee_id, e.name, w.decided_us
FROM access_withheld w LEFT JOIN casefile c ON c.id = w.casefile_id LEFT JOIN employee e ON e.id = w.employee_id
WHERE w.until_us > :since_us AND (:employee_id = 0 OR w.employee_id = :employee_id) ORDER BY w.decided_us DESC, w.id LIMIT :limit

-- name: access_withheld_end :count
-- Shown again from now on; by who decided it, or (0) by anybody.
-- in: id int, employee_id int, now_us int
UPDATE access_withheld SET until_us = :now_us WHERE id = :id AND until_us > :now_us AND (:employee_id = 0 OR employee_id = :employee_id)

-- name: access_erasures_since :many
-- What was lawfully erased of the log: when, by which law, how many entries, by whom (none: by retention).
-- in: since_us int, limit int
-- out: at_us int, legal_basis text, employee_name text?, bytes int
SELECT v.at_us, v.legal_basis, e.name, length(v.subjects) FROM access_view v LEFT JOIN employee e ON v.viewer_kind = 2 AND e.id = v.viewer_id
WHERE v.kind = 'erasure' AND v.at_us >= :since_us ORDER BY v.at_us DESC LIMIT :limit

-- name: access_exports_since :many
-- Whole cases that employees gave out as files.
-- in: since_us int, limit int
-- out: at_us int, employee_name text?, unit_key text?, unit_name text?, casefile_no text, refused bool
SELECT v.at_us, e.name, u.key, u.name, v.casefile_no, v.refused FROM access_view v LEFT JOIN employee e ON v.viewer_kind = 2 AND e.id = v.viewer_id LEFT JOIN unit u ON u.id = v.unit_id
WHERE v.kind = 'export' AND v.at_us >= :since_us ORDER BY v.at_us DESC LIMIT :limit

-- name: access_name :opt
-- The name of a person a look was about: compared, not shown.
-- in: id int
-- out: name text
SELECT name FROM party WHERE id = :id
