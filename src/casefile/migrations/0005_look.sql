-- The citizens' adviser looks into one case, for a purpose she states; in casefile_reach a row of kind 3 (ref: the employee, via: the
-- look) lets her in so long. Law 7.
CREATE TABLE casefile_look (
    id int PRIMARY KEY, -- random
    casefile_id int NOT NULL REFERENCES casefile (id), -- which case
    employee_id int NOT NULL REFERENCES employee (id), -- who looks
    purpose text NOT NULL CHECK (length(purpose) >= 10), -- why, as the party reads it
    from_us int NOT NULL, -- when it was stated
    until_us int NOT NULL, -- she may look until then
    CHECK (until_us > from_us)
);
CREATE INDEX casefile_look_employee ON casefile_look (employee_id, until_us);
CREATE INDEX casefile_look_casefile ON casefile_look (casefile_id);

-- sqlite:
CREATE TRIGGER casefile_reach_7 BEFORE INSERT ON casefile_reach WHEN NEW.kind = 3 AND NOT EXISTS (SELECT 1 FROM casefile_look l JOIN employee e ON e.id = l.employee_id WHERE l.id = NEW.via AND l.casefile_id = NEW.casefile_id AND l.employee_id = NEW.ref AND l.from_us = NEW.from_us AND l.until_us = NEW.until_us AND (e.roles & 64) <> 0) BEGIN SELECT RAISE(ABORT, 'LAW 7: an adviser looks for a purpose she has stated'); END;
CREATE TRIGGER casefile_look_7 BEFORE UPDATE ON casefile_look BEGIN SELECT RAISE(ABORT, 'LAW 7: a stated purpose stays as it was stated'); END;
CREATE TRIGGER casefile_look_10d BEFORE DELETE ON casefile_look WHEN NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 7: a stated purpose stays as it was stated'); END;

-- postgres:
CREATE FUNCTION casefile_reach_law7() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.kind = 3 AND NOT EXISTS (SELECT 1 FROM casefile_look l JOIN employee e ON e.id = l.employee_id WHERE l.id = NEW.via AND l.casefile_id = NEW.casefile_id AND l.employee_id = NEW.ref AND l.from_us = NEW.from_us AND l.until_us = NEW.until_us AND (e.roles & 64) <> 0) THEN RAISE EXCEPTION 'LAW 7: an adviser looks for a purpose she has stated'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casefile_reach_7 BEFORE INSERT ON casefile_reach FOR EACH ROW WHEN (NEW.kind = 3) EXECUTE FUNCTION casefile_reach_law7();
CREATE TRIGGER casefile_look_7 BEFORE UPDATE OR DELETE ON casefile_look FOR EACH ROW EXECUTE FUNCTION casefile_append_only('LAW 7: a stated purpose stays as it was stated');
-- both:
