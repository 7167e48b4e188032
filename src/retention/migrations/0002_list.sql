-- A list for destruction (kassasjonsliste): all case files that are due by a moment. Where the municipality wants two people for it
-- (municipality.yaml, `archive: {two_people: true}`), nothing is erased before another than the one who made the list has approved it.
-- No personal data; kept for ever.
CREATE TABLE retention_list (
    id int PRIMARY KEY, -- random
    until_us int NOT NULL, -- case files due not later than this
    casefiles int NOT NULL CHECK (casefiles > 0), -- how many they were when it was made
    made_us int NOT NULL, -- when
    made_by int NOT NULL, -- by which employee
    approved_us int, -- when
    approved_by int CONSTRAINT law_10_two_people CHECK (approved_by <> made_by), -- by another employee
    CHECK ((approved_us IS NULL) = (approved_by IS NULL))
);
CREATE INDEX retention_list_made ON retention_list (made_us);
-- sqlite:
CREATE TRIGGER retention_list_10u BEFORE UPDATE ON retention_list WHEN OLD.approved_us IS NOT NULL OR NEW.id <> OLD.id OR NEW.until_us <> OLD.until_us OR NEW.casefiles <> OLD.casefiles OR NEW.made_us <> OLD.made_us OR NEW.made_by <> OLD.made_by BEGIN SELECT RAISE(ABORT, 'LAW 10: a list for destruction stays as it was made and approved'); END;
CREATE TRIGGER retention_list_10i BEFORE INSERT ON retention_list WHEN NEW.approved_us IS NOT NULL BEGIN SELECT RAISE(ABORT, 'LAW 10: a list for destruction is approved after it was made'); END;
CREATE TRIGGER retention_list_10d BEFORE DELETE ON retention_list BEGIN SELECT RAISE(ABORT, 'LAW 10: a list for destruction is never taken away'); END;
-- postgres:
CREATE FUNCTION retention_law10_list() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'LAW 10: a list for destruction is never taken away'; END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.approved_us IS NOT NULL THEN RAISE EXCEPTION 'LAW 10: a list for destruction is approved after it was made'; END IF;
        RETURN NEW;
    END IF;
    IF OLD.approved_us IS NOT NULL OR (NEW.id, NEW.until_us, NEW.casefiles, NEW.made_us, NEW.made_by) IS DISTINCT FROM (OLD.id, OLD.until_us, OLD.casefiles, OLD.made_us, OLD.made_by) THEN
        RAISE EXCEPTION 'LAW 10: a list for destruction stays as it was made and approved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER retention_list_10 BEFORE INSERT OR UPDATE OR DELETE ON retention_list FOR EACH ROW EXECUTE FUNCTION retention_law10_list();
-- both:
