-- What the municipality says of two people (municipality.yaml, `archive: {two_people: true}`), as the last run was told: the store
-- holds to the last row, and every row stays, so that it can be seen when the house went from two people to one. No row: one.
CREATE TABLE retention_people (
    number int PRIMARY KEY, -- 1, 2, 3 …: the highest holds
    at_us int NOT NULL, -- since when
    two int NOT NULL CHECK (two IN (0, 1)) -- 1: nothing is erased that is not on an approved list
);

-- Case file records that may be erased as far as people are concerned: where two are asked for, those on an approved list. What was
-- held back when the list was made was not on it, though it is let go later.
CREATE VIEW retention_may_go AS SELECT r.id FROM record_casefile r
WHERE coalesce((SELECT p.two FROM retention_people p ORDER BY p.number DESC LIMIT 1), 0) = 0
  OR EXISTS (SELECT 1 FROM retention_list l WHERE l.approved_us IS NOT NULL AND l.until_us >= r.dispose_us
    AND NOT EXISTS (SELECT 1 FROM record_hold h WHERE h.casefile_id = r.id AND h.put_us <= l.made_us AND (h.released_us IS NULL OR h.released_us >= l.made_us)));

-- sqlite:
CREATE TRIGGER record_casefile_10l BEFORE UPDATE OF disposal_id ON record_casefile WHEN NEW.disposal_id IS NOT NULL AND OLD.disposal_id IS NULL AND NOT EXISTS (SELECT 1 FROM retention_may_go g WHERE g.id = OLD.id) BEGIN SELECT RAISE(ABORT, 'LAW 10: this case file is on no list that two people have approved'); END;
CREATE TRIGGER retention_people_10u BEFORE UPDATE ON retention_people BEGIN SELECT RAISE(ABORT, 'LAW 10: whether two people were asked for stays told'); END;
CREATE TRIGGER retention_people_10d BEFORE DELETE ON retention_people BEGIN SELECT RAISE(ABORT, 'LAW 10: whether two people were asked for stays told'); END;
CREATE TRIGGER retention_people_10i BEFORE INSERT ON retention_people WHEN NEW.number <> (SELECT coalesce(max(p.number), 0) + 1 FROM retention_people p) BEGIN SELECT RAISE(ABORT, 'LAW 10: whether two people were asked for stays told'); END;

-- postgres:
CREATE FUNCTION retention_law10_casefile() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.disposal_id IS NOT NULL AND OLD.disposal_id IS NULL AND NOT EXISTS (SELECT 1 FROM retention_may_go g WHERE g.id = OLD.id) THEN
        RAISE EXCEPTION 'LAW 10: this case file is on no list that two people have approved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER record_casefile_10l BEFORE UPDATE OF disposal_id ON record_casefile FOR EACH ROW EXECUTE FUNCTION retention_law10_casefile();
CREATE FUNCTION retention_law10_people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' OR NEW.number <> (SELECT coalesce(max(p.number), 0) + 1 FROM retention_people p) THEN
        RAISE EXCEPTION 'LAW 10: whether two people were asked for stays told';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER retention_people_10 BEFORE INSERT OR UPDATE OR DELETE ON retention_people FOR EACH ROW EXECUTE FUNCTION retention_law10_people();
-- both:
