-- Law 7, at the place where somebody gets a case: nobody handles one of those whom a register has named them for, nor one they were
-- asked to sign, as own_case says. A mandate that was given holds for a time, which this change does not tell: the domain asks.
-- sqlite:
DROP TRIGGER casefile_own_7;
DROP TRIGGER casefile_task_own_7;
CREATE TRIGGER casefile_own_7 BEFORE UPDATE OF caseworker_id ON casefile WHEN NEW.caseworker_id IS NOT NULL AND EXISTS (SELECT 1 FROM employee e WHERE e.id = NEW.caseworker_id AND (e.party_id = NEW.party_id OR EXISTS (SELECT 1 FROM mandate m WHERE m.giver_id = NEW.party_id AND m.holder_id = e.party_id AND m.basis IN (4, 5) AND m.withdrawn_us IS NULL) OR EXISTS (SELECT 1 FROM casefile_signer s WHERE s.casefile_id = NEW.id AND s.party_id = e.party_id))) BEGIN SELECT RAISE(ABORT, 'LAW 7: nobody handles a case of their own'); END;
CREATE TRIGGER casefile_task_own_7 BEFORE UPDATE OF employee_id ON casefile_task WHEN NEW.employee_id IS NOT NULL AND EXISTS (SELECT 1 FROM employee e JOIN casefile c ON c.id = NEW.casefile_id WHERE e.id = NEW.employee_id AND (e.party_id = c.party_id OR EXISTS (SELECT 1 FROM mandate m WHERE m.giver_id = c.party_id AND m.holder_id = e.party_id AND m.basis IN (4, 5) AND m.withdrawn_us IS NULL) OR EXISTS (SELECT 1 FROM casefile_signer s WHERE s.casefile_id = c.id AND s.party_id = e.party_id))) BEGIN SELECT RAISE(ABORT, 'LAW 7: nobody handles a case of their own'); END;
-- postgres:
CREATE OR REPLACE FUNCTION casefile_not_own() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM employee e WHERE e.id = NEW.caseworker_id AND (e.party_id = NEW.party_id OR EXISTS (SELECT 1 FROM mandate m WHERE m.giver_id = NEW.party_id AND m.holder_id = e.party_id AND m.basis IN (4, 5) AND m.withdrawn_us IS NULL) OR EXISTS (SELECT 1 FROM casefile_signer s WHERE s.casefile_id = NEW.id AND s.party_id = e.party_id))) THEN
        RAISE EXCEPTION 'LAW 7: nobody handles a case of their own'; END IF;
    RETURN NEW; END $$;
CREATE OR REPLACE FUNCTION casefile_task_not_own() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM employee e JOIN casefile c ON c.id = NEW.casefile_id WHERE e.id = NEW.employee_id AND (e.party_id = c.party_id OR EXISTS (SELECT 1 FROM mandate m WHERE m.giver_id = c.party_id AND m.holder_id = e.party_id AND m.basis IN (4, 5) AND m.withdrawn_us IS NULL) OR EXISTS (SELECT 1 FROM casefile_signer s WHERE s.casefile_id = c.id AND s.party_id = e.party_id))) THEN
        RAISE EXCEPTION 'LAW 7: nobody handles a case of their own'; END IF;
    RETURN NEW; END $$;
