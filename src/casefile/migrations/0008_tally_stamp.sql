-- Both engines keep what is new in the figures apart (part <> 0) until the job folds it in each minute, so what is folded in stands
-- still in between, and a copy of it in memory holds as long as its stamp does. docs/why/figures.md
CREATE TABLE casefile_tally_stamp (
    unit_id int PRIMARY KEY, -- a unit that has rows of part 0 in casefile_tally, or had
    stamp int NOT NULL -- random; another one in each transaction that changed one of them
) WITHOUT ROWID;
CREATE INDEX casefile_tally_new ON casefile_tally (unit_id) WHERE part <> 0;
CREATE INDEX casefile_tally_empty ON casefile_tally (unit_id) WHERE part = 0 AND n = 0;

-- sqlite:
CREATE TRIGGER casefile_tally_stamp_i AFTER INSERT ON casefile_tally WHEN NEW.part = 0 BEGIN
  INSERT INTO casefile_tally_stamp (unit_id, stamp) VALUES (NEW.unit_id, random()) ON CONFLICT (unit_id) DO UPDATE SET stamp = excluded.stamp;
END;
CREATE TRIGGER casefile_tally_stamp_u AFTER UPDATE ON casefile_tally WHEN NEW.part = 0 OR OLD.part = 0 BEGIN
  INSERT INTO casefile_tally_stamp (unit_id, stamp) VALUES (OLD.unit_id, random()), (NEW.unit_id, random()) ON CONFLICT (unit_id) DO UPDATE SET stamp = excluded.stamp;
END;
CREATE TRIGGER casefile_tally_stamp_d AFTER DELETE ON casefile_tally WHEN OLD.part = 0 BEGIN
  INSERT INTO casefile_tally_stamp (unit_id, stamp) VALUES (OLD.unit_id, random()) ON CONFLICT (unit_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- As in 0002, into part 1.
DROP TRIGGER casefile_tally_i;
DROP TRIGGER casefile_tally_d;
DROP TRIGGER casefile_tally_u1;
DROP TRIGGER casefile_tally_u2;
CREATE TRIGGER casefile_tally_i AFTER INSERT ON casefile BEGIN
  INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n) SELECT f.unit_id, f.kind, f.slot, f.service_key, f.days, 1, 1 FROM casefile_figure f WHERE f.id = NEW.id
  ON CONFLICT (unit_id, kind, slot, service_key, days, part) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER casefile_tally_d BEFORE DELETE ON casefile BEGIN
  INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n) SELECT f.unit_id, f.kind, f.slot, f.service_key, f.days, 1, -1 FROM casefile_figure f WHERE f.id = OLD.id
  ON CONFLICT (unit_id, kind, slot, service_key, days, part) DO UPDATE SET n = n - 1;
END;
CREATE TRIGGER casefile_tally_u1 BEFORE UPDATE OF unit_id, service_key, state, caseworker_id, received_us, deadline_us, suspended_us, answered_us, withdrawn_us, promised_us ON casefile
WHEN NEW.unit_id <> OLD.unit_id OR NEW.service_key <> OLD.service_key OR (NEW.state <> OLD.state AND (NEW.state > 2 OR OLD.state > 2)) OR (NEW.caseworker_id IS NULL) <> (OLD.caseworker_id IS NULL)
  OR NEW.received_us <> OLD.received_us OR NEW.deadline_us IS NOT OLD.deadline_us OR (NEW.suspended_us IS NULL) <> (OLD.suspended_us IS NULL)
  OR NEW.answered_us IS NOT OLD.answered_us OR NEW.withdrawn_us IS NOT OLD.withdrawn_us OR NEW.promised_us IS NOT OLD.promised_us
BEGIN
  INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n) SELECT f.unit_id, f.kind, f.slot, f.service_key, f.days, 1, -1 FROM casefile_figure f WHERE f.id = OLD.id
  ON CONFLICT (unit_id, kind, slot, service_key, days, part) DO UPDATE SET n = n - 1;
END;
CREATE TRIGGER casefile_tally_u2 AFTER UPDATE OF unit_id, service_key, state, caseworker_id, received_us, deadline_us, suspended_us, answered_us, withdrawn_us, promised_us ON casefile
WHEN NEW.unit_id <> OLD.unit_id OR NEW.service_key <> OLD.service_key OR (NEW.state <> OLD.state AND (NEW.state > 2 OR OLD.state > 2)) OR (NEW.caseworker_id IS NULL) <> (OLD.caseworker_id IS NULL)
  OR NEW.received_us <> OLD.received_us OR NEW.deadline_us IS NOT OLD.deadline_us OR (NEW.suspended_us IS NULL) <> (OLD.suspended_us IS NULL)
  OR NEW.answered_us IS NOT OLD.answered_us OR NEW.withdrawn_us IS NOT OLD.withdrawn_us OR NEW.promised_us IS NOT OLD.promised_us
BEGIN
  INSERT INTO casefile_tally (unit_id, kind, slot, service_key, days, part, n) SELECT f.unit_id, f.kind, f.slot, f.service_key, f.days, 1, 1 FROM casefile_figure f WHERE f.id = NEW.id
  ON CONFLICT (unit_id, kind, slot, service_key, days, part) DO UPDATE SET n = n + 1;
END;

-- postgres:
-- One stamp for all that a transaction changes, so that the row of a unit is written once however many of its slots are.
CREATE FUNCTION casefile_tally_stamp() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE
    mine text := current_setting('indgang.tally_stamp', true);
BEGIN
    IF mine IS NULL OR mine = '' THEN
        mine := CAST(CAST(random() * 9007199254740991 AS bigint) * 512 + CAST(floor(random() * 512) AS bigint) AS text);
        PERFORM set_config('indgang.tally_stamp', mine, true);
    END IF;
    INSERT INTO casefile_tally_stamp AS s (unit_id, stamp)
    SELECT DISTINCT u, CAST(mine AS bigint) FROM unnest(ARRAY[CASE WHEN TG_OP <> 'DELETE' THEN NEW.unit_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.unit_id END]) u WHERE u IS NOT NULL
    ON CONFLICT (unit_id) DO UPDATE SET stamp = excluded.stamp WHERE s.stamp <> excluded.stamp;
    RETURN NULL;
END $$;
CREATE TRIGGER casefile_tally_stamp_i AFTER INSERT ON casefile_tally FOR EACH ROW WHEN (NEW.part = 0) EXECUTE FUNCTION casefile_tally_stamp();
CREATE TRIGGER casefile_tally_stamp_u AFTER UPDATE ON casefile_tally FOR EACH ROW WHEN (NEW.part = 0 OR OLD.part = 0) EXECUTE FUNCTION casefile_tally_stamp();
CREATE TRIGGER casefile_tally_stamp_d AFTER DELETE ON casefile_tally FOR EACH ROW WHEN (OLD.part = 0) EXECUTE FUNCTION casefile_tally_stamp();
-- both:

INSERT INTO casefile_tally_stamp (unit_id, stamp) SELECT DISTINCT t.unit_id, 0 FROM casefile_tally t WHERE t.part = 0;
