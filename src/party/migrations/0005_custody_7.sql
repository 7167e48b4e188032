-- Law 7: whom a register names an employee for (a child, an organisation), she does not open at the counter either, also when the
-- register was not asked for a day. The same stands in may_see.
-- sqlite:
DROP TRIGGER counter_stay_7m;
CREATE TRIGGER counter_stay_7m BEFORE INSERT ON counter_stay WHEN EXISTS (SELECT 1 FROM mandate m JOIN employee e ON e.id = NEW.employee_id WHERE m.giver_id = NEW.party_id AND m.holder_id = e.party_id AND m.withdrawn_us IS NULL AND (m.basis IN (4, 5) OR (m.from_us <= NEW.begun_us AND (m.until_us IS NULL OR m.until_us > NEW.begun_us)))) BEGIN SELECT RAISE(ABORT, 'LAW 7: this employee may act for the citizen as a person'); END;
-- postgres:
CREATE OR REPLACE FUNCTION counter_stay_7m() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM mandate m JOIN employee e ON e.id = NEW.employee_id WHERE m.giver_id = NEW.party_id AND m.holder_id = e.party_id AND m.withdrawn_us IS NULL AND (m.basis IN (4, 5) OR (m.from_us <= NEW.begun_us AND (m.until_us IS NULL OR m.until_us > NEW.begun_us)))) THEN RAISE EXCEPTION 'LAW 7: this employee may act for the citizen as a person'; END IF;
    RETURN NEW; END $$;
