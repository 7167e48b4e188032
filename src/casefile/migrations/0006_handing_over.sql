-- Law 7, at the place where somebody gets a case: nobody handles a case of their own.
-- sqlite:
CREATE TRIGGER casefile_own_7 BEFORE UPDATE OF caseworker_id ON casefile WHEN NEW.party_id IS NOT NULL AND EXISTS (SELECT 1 FROM employee e WHERE e.id = NEW.caseworker_id AND e.party_id = NEW.party_id) BEGIN SELECT RAISE(ABORT, 'LAW 7: nobody handles a case of their own'); END;
CREATE TRIGGER casefile_task_own_7 BEFORE UPDATE OF employee_id ON casefile_task WHEN EXISTS (SELECT 1 FROM employee e JOIN casefile c ON c.party_id = e.party_id WHERE e.id = NEW.employee_id AND c.id = NEW.casefile_id) BEGIN SELECT RAISE(ABORT, 'LAW 7: nobody handles a case of their own'); END;

-- postgres:
CREATE FUNCTION casefile_not_own() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM employee e WHERE e.id = NEW.caseworker_id AND e.party_id = NEW.party_id) THEN RAISE EXCEPTION 'LAW 7: nobody handles a case of their own'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casefile_own_7 BEFORE UPDATE OF caseworker_id ON casefile FOR EACH ROW WHEN (NEW.caseworker_id IS NOT NULL) EXECUTE FUNCTION casefile_not_own();
CREATE FUNCTION casefile_task_not_own() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM employee e JOIN casefile c ON c.party_id = e.party_id WHERE e.id = NEW.employee_id AND c.id = NEW.casefile_id) THEN RAISE EXCEPTION 'LAW 7: nobody handles a case of their own'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casefile_task_own_7 BEFORE UPDATE OF employee_id ON casefile_task FOR EACH ROW WHEN (NEW.employee_id IS NOT NULL) EXECUTE FUNCTION casefile_task_not_own();
-- both:
