-- How applications came is counted with the received: the column days of kind 1 holds casefile.channel (it never changes, law 8).
-- The year's table was counted from all case files of the year.

-- sqlite:
DROP VIEW casefile_figure;
DROP VIEW casefile_local;
-- Local time: one hour before UTC, two from 01:00 UTC on the last Sunday of March to that of October (directive 2000/84/EC).
CREATE VIEW casefile_local AS SELECT c.id, c.unit_id, c.service_key, c.state, c.caseworker_id, c.suspended_us, c.deadline_us, c.channel, c.answered_us, c.withdrawn_us, c.promised_us,
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
  CASE WHEN k.kind = 1 THEN l.channel WHEN k.kind <> 2 OR l.answered_day <= l.received_day THEN 0 WHEN l.answered_day - l.received_day <= 90 THEN l.answered_day - l.received_day
    ELSE min(734, 97 + (l.answered_day - l.received_day - 91) / 7 * 7) END AS days
FROM casefile_local l JOIN casefile_figure_kind k ON CASE k.kind
  WHEN 1 THEN 1 WHEN 2 THEN l.answered_us IS NOT NULL WHEN 3 THEN l.answered_us < l.promised_us WHEN 4 THEN l.answered_us >= l.promised_us WHEN 5 THEN l.withdrawn_us IS NOT NULL
  WHEN 6 THEN l.waits WHEN 7 THEN l.waits AND l.caseworker_id IS NULL WHEN 8 THEN l.waits AND l.suspended_us IS NOT NULL WHEN 9 THEN (l.waits OR l.state = 4) AND l.deadline_us IS NOT NULL
  WHEN 10 THEN l.state = 4 WHEN 11 THEN NOT l.waits AND l.state NOT IN (4, 6) END;


-- postgres:
-- nobody else may come in between what is counted now and by the new rule
LOCK TABLE casefile IN SHARE ROW EXCLUSIVE MODE;
-- What a case file counts as: a row for each kind.
CREATE OR REPLACE FUNCTION casefile_figures(c casefile) RETURNS TABLE (unit_id bigint, kind bigint, slot bigint, service_key text, days bigint) LANGUAGE sql STABLE AS $$
SELECT c.unit_id, k.kind,
  CASE WHEN k.kind = 1 THEN casefile_month(l.received) WHEN k.kind IN (2, 3, 4) THEN casefile_month(l.answered) WHEN k.kind = 5 THEN casefile_month(casefile_local_date(c.withdrawn_us))
    WHEN k.kind = 6 THEN casefile_day(l.received) WHEN k.kind = 9 THEN casefile_day(casefile_local_date(c.deadline_us - 1)) ELSE 0 END,
  c.service_key,
  CASE WHEN k.kind = 1 THEN c.channel WHEN k.kind <> 2 OR l.answered <= l.received THEN 0 WHEN l.answered - l.received <= 90 THEN CAST(l.answered - l.received AS bigint) ELSE least(734, 97 + (l.answered - l.received - 91) / 7 * 7) END
FROM (SELECT casefile_local_date(c.received_us) AS received, casefile_local_date(c.answered_us) AS answered, c.answered_us IS NULL AND c.withdrawn_us IS NULL AND c.state <> 6 AS waits) l
JOIN casefile_figure_kind k ON CASE k.kind
  WHEN 1 THEN true WHEN 2 THEN c.answered_us IS NOT NULL WHEN 3 THEN c.answered_us < c.promised_us WHEN 4 THEN c.answered_us >= c.promised_us WHEN 5 THEN c.withdrawn_us IS NOT NULL
  WHEN 6 THEN l.waits WHEN 7 THEN l.waits AND c.caseworker_id IS NULL WHEN 8 THEN l.waits AND c.suspended_us IS NOT NULL WHEN 9 THEN (l.waits OR c.state = 4) AND c.deadline_us IS NOT NULL
  WHEN 10 THEN c.state = 4 WHEN 11 THEN NOT l.waits AND c.state NOT IN (4, 6) END
$$;
-- both:

DROP INDEX casefile_channel;
DELETE FROM casefile_tally WHERE kind = 1;
INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n)
SELECT f.unit_id, f.kind, f.slot, f.service_key, f.days, 0, count(*) FROM casefile_figure f WHERE f.kind = 1 GROUP BY f.unit_id, f.kind, f.slot, f.service_key, f.days;
-- postgres:
COMMENT ON COLUMN casefile_tally.days IS 'received: how it came (casefile.channel); answered: 0 … 90 days, above that the last day of a week of them (97, 104 … 734: or more); else 0';
