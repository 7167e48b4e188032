-- Law 11 for the decision itself, whoever makes it final.
-- sqlite:
CREATE TRIGGER decision_11 BEFORE UPDATE ON decision WHEN NEW.state = 2 AND EXISTS (SELECT 1 FROM casefile_unsigned u WHERE u.casefile_id = NEW.casefile_id) BEGIN SELECT RAISE(ABORT, 'LAW 11: what two must sign is not decided before both have signed'); END;
-- postgres:
CREATE FUNCTION decision_law11() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.state = 2 AND EXISTS (SELECT 1 FROM casefile_unsigned u WHERE u.casefile_id = NEW.casefile_id) THEN RAISE EXCEPTION 'LAW 11: what two must sign is not decided before both have signed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_11 BEFORE UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_law11();
-- both:
