-- What the test of the figures needs below the domain.

-- name: figures_cases :many
-- Every case file, as the figures see it.
-- out: id int, version int, state int, unit_id int, service_key text, caseworker_id int?, received_us int, deadline_us int?, suspended_us int?, answered_us int?, withdrawn_us int?, promised_us int?, closed_us int?, channel int
SELECT id, version, state, unit_id, service_key, caseworker_id, received_us, deadline_us, suspended_us, answered_us, withdrawn_us, promised_us, closed_us, channel FROM casefile ORDER BY id

-- name: figures_tally :many
-- The table as it stands, without slots that hold nothing.
-- out: unit_id int, kind int, slot int, service_key text, days int, n int
SELECT unit_id, kind, slot, service_key, days, CAST(sum(n) AS bigint) FROM casefile_tally GROUP BY unit_id, kind, slot, service_key, days HAVING sum(n) <> 0 ORDER BY unit_id, kind, slot, service_key, days

-- name: figures_move :exec
-- Another unit has it now.
-- in: id int, unit_id int
UPDATE casefile SET version = version + 1, unit_id = :unit_id WHERE id = :id

-- name: figures_bend :exec
-- One case more than there is.
-- in: kind int
UPDATE casefile_tally SET n = n + 1 WHERE kind = :kind

-- name: figures_stamp_of :one
-- The stamp of a unit's folded figures.
-- in: unit_id int
-- out: stamp int
SELECT stamp FROM casefile_tally_stamp WHERE unit_id = :unit_id

-- name: figures_stamp :exec
-- Another one.
-- in: unit_id int, stamp int
UPDATE casefile_tally_stamp SET stamp = :stamp WHERE unit_id = :unit_id

-- name: figures_insert :exec
-- A case file with nothing around it, on a record of its own.
-- in: id int, record_id int, like_id int
INSERT INTO casefile (id, version, draft_id, record_id, application_id, service_version_id, service_key, title, unit_id, state, lang, received_us, deadline_us, events, unread, waiting)
SELECT :id, 1, :id, :record_id, application_id, service_version_id, service_key, title, unit_id, 0, lang, received_us, deadline_us, 0, 0, 0 FROM casefile WHERE id = :like_id

-- name: figures_erase :exec
-- … and gone again.
-- in: id int
DELETE FROM casefile WHERE id = :id

-- name: figures_parts :one
-- Rows that are not folded in, or hold nothing.
-- out: n int
SELECT count(*) FROM casefile_tally WHERE part <> 0 OR n = 0

-- Back to before migration 0002, with the data there is.
-- name: figures_undo_1 :exec
-- Triggers.
-- sqlite:
DROP TRIGGER casefile_tally_i
-- postgres:
DROP TRIGGER casefile_tally_i ON casefile

-- name: figures_undo_2 :exec
-- Triggers.
-- sqlite:
DROP TRIGGER casefile_tally_d
-- postgres:
DROP TRIGGER casefile_tally_d ON casefile

-- name: figures_undo_3 :exec
-- Triggers.
-- sqlite:
DROP TRIGGER casefile_tally_u1
-- postgres:
DROP TRIGGER casefile_tally_u ON casefile

-- name: figures_undo_4 :exec
-- Triggers and what they call.
-- sqlite:
DROP TRIGGER casefile_tally_u2
-- postgres:
DROP FUNCTION casefile_tally_in, casefile_tally_move, casefile_tally_stamp CASCADE

-- name: figures_undo_5 :exec
-- Views.
DROP VIEW casefile_figure

-- name: figures_undo_6 :exec
-- What they are made from.
-- sqlite:
DROP VIEW casefile_local
-- postgres:
DROP FUNCTION casefile_figures, casefile_local_date, casefile_day, casefile_month

-- name: figures_undo_7 :exec
-- Tables.
DROP TABLE casefile_tally

-- name: figures_undo_8 :exec
-- Tables.
DROP TABLE casefile_figure_kind

-- name: figures_undo_9 :exec
-- Columns.
ALTER TABLE casefile DROP COLUMN answered_us

-- name: figures_undo_reuse :exec
-- A later law that looks at one of these columns.
-- sqlite:
DROP TRIGGER casefile_reuse_10
-- postgres:
DROP TRIGGER casefile_reuse_laws ON casefile_reuse

-- name: figures_undo_10 :exec
-- Columns.
ALTER TABLE casefile DROP COLUMN withdrawn_us

-- name: figures_undo_11 :exec
-- Columns.
ALTER TABLE casefile DROP COLUMN promised_us

-- name: figures_undo_12 :exec
-- As if it had not been run.
DELETE FROM migration WHERE module = 'casefile' AND number IN (2, 8, 9)

-- name: figures_undo_13 :exec
-- What 0008 made.
DROP TABLE casefile_tally_stamp

-- name: figures_undo_14 :exec
-- What 0009 took away.
CREATE INDEX casefile_channel ON casefile (received_us, service_key, channel, id)
