-- What a leader's figures are counted from, and the table that holds them counted. docs/why/figures.md
ALTER TABLE casefile ADD COLUMN answered_us int; -- when the party first had its answer: the first final decision, or the closing of a case that is not decided; a second decision, after an appeal, does not move it
ALTER TABLE casefile ADD COLUMN withdrawn_us int; -- when the party withdrew it
ALTER TABLE casefile ADD COLUMN promised_us int; -- the deadline that held when it was answered, moved by what had extended or suspended it; none: none was promised

UPDATE casefile SET answered_us = (SELECT min(v.at_us) FROM casefile_event v WHERE v.casefile_id = casefile.id AND v.kind = 'decided'),
  withdrawn_us = (SELECT min(v.at_us) FROM casefile_event v WHERE v.casefile_id = casefile.id AND v.kind = 'withdrawn');
-- A deadline that was met by a decision has not been kept: what was decided before this migration counts as without a promise.
UPDATE casefile SET answered_us = closed_us, promised_us = deadline_us WHERE answered_us IS NULL AND withdrawn_us IS NULL AND closed_us IS NOT NULL;

-- What is counted. slot: a month (year * 12 + month - 1) or a day (since 1970), both of the local calendar.
CREATE TABLE casefile_figure_kind (
    kind int PRIMARY KEY, -- its number: enum figure_kind of figures.c
    name text NOT NULL UNIQUE -- its name
) WITHOUT ROWID;
INSERT INTO casefile_figure_kind (kind, name) VALUES
  (1, 'received'), -- slot: month
  (2, 'answered'), -- slot: month; days: calendar days from received to answered, see below
  (3, 'kept'), -- slot: month; of the answered, before their deadline had passed
  (4, 'late'), -- slot: month; … after it had passed
  (5, 'withdrawn'), -- slot: month
  (6, 'waiting'), -- slot: day it was received; neither answered nor withdrawn
  (7, 'unassigned'), -- of the waiting, without a caseworker
  (8, 'standing'), -- of the waiting, the deadline stands still
  (9, 'due'), -- slot: last day of the deadline; of the waiting and the appealed
  (10, 'appealed'), -- an appeal waits for the unit's new look
  (11, 'unclosed'); -- answered or withdrawn, but not closed

-- How many case files of a unit and service are in each slot: the sum of n over the rows of one key. Kept by triggers in the
-- transaction that changes a case file; equal to a recount of casefile_figure, which verify compares.
CREATE TABLE casefile_tally (
    unit_id int NOT NULL, -- the unit that has the case file now: with a hand-over all its figures go along
    kind int NOT NULL, -- casefile_figure_kind
    slot int NOT NULL, -- month or day
    service_key text NOT NULL, -- key of the service
    days int NOT NULL, -- answered: 0 … 90 days, above that the last day of a week of them (97, 104 … 734: or more); else 0
    part int NOT NULL, -- 0; in PostgreSQL the transaction that added it, until it is folded in: nobody waits for another's row
    n int NOT NULL, -- how many; below 0 in a part that took some away
    PRIMARY KEY (unit_id, kind, slot, service_key, days, part)
) WITHOUT ROWID;

-- sqlite:
-- Local time: one hour before UTC, two from 01:00 UTC on the last Sunday of March to that of October (directive 2000/84/EC).
CREATE VIEW casefile_local AS SELECT c.id, c.unit_id, c.service_key, c.state, c.caseworker_id, c.suspended_us, c.deadline_us, c.answered_us, c.withdrawn_us, c.promised_us,
  c.answered_us IS NULL AND c.withdrawn_us IS NULL AND c.state <> 6 AS waits,
  (c.received_us / 1000000 + 3600 + 3600 * (c.received_us / 1000000 >= unixepoch(strftime('%Y-03-25', c.received_us / 1000000, 'unixepoch'), 'weekday 0', '+1 hour') AND c.received_us / 1000000 < unixepoch(strftime('%Y-10-25', c.received_us / 1000000, 'unixepoch'), 'weekday 0', '+1 hour'))) / 86400 AS received_day,
  (c.answered_us / 1000000 + 3600 + 3600 * (c.answered_us / 1000000 >= unixepoch(strftime('%Y-03-25', c.answered_us / 1000000, 'unixepoch'), 'weekday 0', '+1 hour') AND c.answered_us / 1000000 < unixepoch(strftime('%Y-10-25', c.answered_us / 1000000, 'unixepoch'), 'weekday 0', '+1 hour'))) / 86400 AS answered_day,
  (c.withdrawn_us / 1000000 + 3600 + 3600 * (c.withdrawn_us / 1000000 >= unixepoch(strftime('%Y-03-25', c.withdrawn_us / 1000000, 'unixepoch'), 'weekday 0', '+1 hour') AND c.withdrawn_us / 1000000 < unixepoch(strftime('%Y-10-25', c.withdrawn_us / 1000000, 'unixepoch'), 'weekday 0', '+1 hour'))) / 86400 AS withdrawn_day,
  -- a deadline is the midnight after its last day: noon UTC of the day before is within that day, summer and winter
  (c.deadline_us / 1000000 - 43200) / 86400 AS due_day
FROM casefile c;
-- What each case file counts as: a row for each kind.
CREATE VIEW casefile_figure AS SELECT l.id, l.unit_id, k.kind,
  CASE
    WHEN k.kind = 1 THEN CAST(strftime('%Y', l.received_day * 86400, 'unixepoch') AS INTEGER) * 12 + CAST(strftime('%m', l.received_day * 86400, 'unixepoch') AS INTEGER) - 1
    WHEN k.kind IN (2, 3, 4) THEN CAST(strftime('%Y', l.answered_day * 86400, 'unixepoch') AS INTEGER) * 12 + CAST(strftime('%m', l.answered_day * 86400, 'unixepoch') AS INTEGER) - 1
    WHEN k.kind = 5 THEN CAST(strftime('%Y', l.withdrawn_day * 86400, 'unixepoch') AS INTEGER) * 12 + CAST(strftime('%m', l.withdrawn_day * 86400, 'unixepoch') AS INTEGER) - 1
    WHEN k.kind = 6 THEN l.received_day WHEN k.kind = 9 THEN l.due_day ELSE 0 END AS slot,
  l.service_key,
  CASE WHEN k.kind <> 2 OR l.answered_day <= l.received_day THEN 0 WHEN l.answered_day - l.received_day <= 90 THEN l.answered_day - l.received_day
    ELSE min(734, 97 + (l.answered_day - l.received_day - 91) / 7 * 7) END AS days
FROM casefile_local l JOIN casefile_figure_kind k ON CASE k.kind
  WHEN 1 THEN 1 WHEN 2 THEN l.answered_us IS NOT NULL WHEN 3 THEN l.answered_us < l.promised_us WHEN 4 THEN l.answered_us >= l.promised_us WHEN 5 THEN l.withdrawn_us IS NOT NULL
  WHEN 6 THEN l.waits WHEN 7 THEN l.waits AND l.caseworker_id IS NULL WHEN 8 THEN l.waits AND l.suspended_us IS NOT NULL WHEN 9 THEN (l.waits OR l.state = 4) AND l.deadline_us IS NOT NULL
  WHEN 10 THEN l.state = 4 WHEN 11 THEN NOT l.waits AND l.state NOT IN (4, 6) END;

CREATE TRIGGER casefile_tally_i AFTER INSERT ON casefile BEGIN
  INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n) SELECT f.unit_id, f.kind, f.slot, f.service_key, f.days, 0, 1 FROM casefile_figure f WHERE f.id = NEW.id
  ON CONFLICT (unit_id, kind, slot, service_key, days, part) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER casefile_tally_d BEFORE DELETE ON casefile BEGIN
  INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n) SELECT f.unit_id, f.kind, f.slot, f.service_key, f.days, 0, -1 FROM casefile_figure f WHERE f.id = OLD.id
  ON CONFLICT (unit_id, kind, slot, service_key, days, part) DO UPDATE SET n = n - 1;
END;
-- The first three states are one to the figures.
CREATE TRIGGER casefile_tally_u1 BEFORE UPDATE OF unit_id, service_key, state, caseworker_id, received_us, deadline_us, suspended_us, answered_us, withdrawn_us, promised_us ON casefile
WHEN NEW.unit_id <> OLD.unit_id OR NEW.service_key <> OLD.service_key OR (NEW.state <> OLD.state AND (NEW.state > 2 OR OLD.state > 2)) OR (NEW.caseworker_id IS NULL) <> (OLD.caseworker_id IS NULL)
  OR NEW.received_us <> OLD.received_us OR NEW.deadline_us IS NOT OLD.deadline_us OR (NEW.suspended_us IS NULL) <> (OLD.suspended_us IS NULL)
  OR NEW.answered_us IS NOT OLD.answered_us OR NEW.withdrawn_us IS NOT OLD.withdrawn_us OR NEW.promised_us IS NOT OLD.promised_us
BEGIN
  INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n) SELECT f.unit_id, f.kind, f.slot, f.service_key, f.days, 0, -1 FROM casefile_figure f WHERE f.id = OLD.id
  ON CONFLICT (unit_id, kind, slot, service_key, days, part) DO UPDATE SET n = n - 1;
END;
CREATE TRIGGER casefile_tally_u2 AFTER UPDATE OF unit_id, service_key, state, caseworker_id, received_us, deadline_us, suspended_us, answered_us, withdrawn_us, promised_us ON casefile
WHEN NEW.unit_id <> OLD.unit_id OR NEW.service_key <> OLD.service_key OR (NEW.state <> OLD.state AND (NEW.state > 2 OR OLD.state > 2)) OR (NEW.caseworker_id IS NULL) <> (OLD.caseworker_id IS NULL)
  OR NEW.received_us <> OLD.received_us OR NEW.deadline_us IS NOT OLD.deadline_us OR (NEW.suspended_us IS NULL) <> (OLD.suspended_us IS NULL)
  OR NEW.answered_us IS NOT OLD.answered_us OR NEW.withdrawn_us IS NOT OLD.withdrawn_us OR NEW.promised_us IS NOT OLD.promised_us
BEGIN
  INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n) SELECT f.unit_id, f.kind, f.slot, f.service_key, f.days, 0, 1 FROM casefile_figure f WHERE f.id = NEW.id
  ON CONFLICT (unit_id, kind, slot, service_key, days, part) DO UPDATE SET n = n + 1;
END;

-- postgres:
CREATE FUNCTION casefile_local_date(us bigint) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT CAST((TIMESTAMP 'epoch' + us * INTERVAL '1 microsecond') AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Copenhagen' AS date) $$;
CREATE FUNCTION casefile_day(d date) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT CAST(d - DATE '1970-01-01' AS bigint) $$;
CREATE FUNCTION casefile_month(d date) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT CAST(extract(year FROM d) * 12 + extract(month FROM d) - 1 AS bigint) $$;
-- What a case file counts as: a row for each kind.
CREATE FUNCTION casefile_figures(c casefile) RETURNS TABLE (unit_id bigint, kind bigint, slot bigint, service_key text, days bigint) LANGUAGE sql STABLE AS $$
SELECT c.unit_id, k.kind,
  CASE WHEN k.kind = 1 THEN casefile_month(l.received) WHEN k.kind IN (2, 3, 4) THEN casefile_month(l.answered) WHEN k.kind = 5 THEN casefile_month(casefile_local_date(c.withdrawn_us))
    WHEN k.kind = 6 THEN casefile_day(l.received) WHEN k.kind = 9 THEN casefile_day(casefile_local_date(c.deadline_us - 1)) ELSE 0 END,
  c.service_key,
  CASE WHEN k.kind <> 2 OR l.answered <= l.received THEN 0 WHEN l.answered - l.received <= 90 THEN CAST(l.answered - l.received AS bigint) ELSE least(734, 97 + (l.answered - l.received - 91) / 7 * 7) END
FROM (SELECT casefile_local_date(c.received_us) AS received, casefile_local_date(c.answered_us) AS answered, c.answered_us IS NULL AND c.withdrawn_us IS NULL AND c.state <> 6 AS waits) l
JOIN casefile_figure_kind k ON CASE k.kind
  WHEN 1 THEN true WHEN 2 THEN c.answered_us IS NOT NULL WHEN 3 THEN c.answered_us < c.promised_us WHEN 4 THEN c.answered_us >= c.promised_us WHEN 5 THEN c.withdrawn_us IS NOT NULL
  WHEN 6 THEN l.waits WHEN 7 THEN l.waits AND c.caseworker_id IS NULL WHEN 8 THEN l.waits AND c.suspended_us IS NOT NULL WHEN 9 THEN (l.waits OR c.state = 4) AND c.deadline_us IS NOT NULL
  WHEN 10 THEN c.state = 4 WHEN 11 THEN NOT l.waits AND c.state NOT IN (4, 6) END
$$;
CREATE VIEW casefile_figure AS SELECT c.id, f.unit_id, f.kind, f.slot, f.service_key COLLATE "C" AS service_key, f.days FROM casefile c, LATERAL casefile_figures(c) f;

-- Many at once, as they came in one statement; each is looked up by its id.
CREATE FUNCTION casefile_tally_in() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n)
    SELECT f.unit_id, f.kind, f.slot, f.service_key, f.days, CAST(CAST(pg_current_xact_id() AS text) AS bigint), count(*)
    FROM came, LATERAL (SELECT * FROM casefile_figure g WHERE g.id = came.id OFFSET 0) f GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (unit_id, kind, slot, service_key, days, part) DO UPDATE SET n = casefile_tally.n + excluded.n;
    RETURN NULL;
END $$;
CREATE TRIGGER casefile_tally_i AFTER INSERT ON casefile REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION casefile_tally_in();
-- One that changes: what it was goes, what it is comes, and only the difference is written.
CREATE FUNCTION casefile_tally_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n)
    SELECT d.unit_id, d.kind, d.slot, d.service_key, d.days, CAST(CAST(pg_current_xact_id() AS text) AS bigint), sum(d.n)
    FROM (SELECT o.*, -1 AS n FROM casefile_figures(OLD) o UNION ALL SELECT w.*, 1 FROM casefile_figures(NEW) w WHERE TG_OP = 'UPDATE') d
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(d.n) <> 0
    ON CONFLICT (unit_id, kind, slot, service_key, days, part) DO UPDATE SET n = casefile_tally.n + excluded.n;
    RETURN NULL;
END $$;
CREATE TRIGGER casefile_tally_u AFTER UPDATE OF unit_id, service_key, state, caseworker_id, received_us, deadline_us, suspended_us, answered_us, withdrawn_us, promised_us ON casefile FOR EACH ROW
WHEN (NEW.unit_id <> OLD.unit_id OR NEW.service_key <> OLD.service_key OR (NEW.state <> OLD.state AND (NEW.state > 2 OR OLD.state > 2)) OR (NEW.caseworker_id IS NULL) <> (OLD.caseworker_id IS NULL)
  OR NEW.received_us <> OLD.received_us OR NEW.deadline_us IS DISTINCT FROM OLD.deadline_us OR (NEW.suspended_us IS NULL) <> (OLD.suspended_us IS NULL)
  OR NEW.answered_us IS DISTINCT FROM OLD.answered_us OR NEW.withdrawn_us IS DISTINCT FROM OLD.withdrawn_us OR NEW.promised_us IS DISTINCT FROM OLD.promised_us)
EXECUTE FUNCTION casefile_tally_move();
CREATE TRIGGER casefile_tally_d AFTER DELETE ON casefile FOR EACH ROW EXECUTE FUNCTION casefile_tally_move();
-- both:

INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n)
SELECT f.unit_id, f.kind, f.slot, f.service_key, f.days, 0, count(*) FROM casefile_figure f GROUP BY f.unit_id, f.kind, f.slot, f.service_key, f.days;
