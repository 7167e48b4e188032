-- Law 7 for the citizen whom an employee of the counter has open (table counter_stay of auth/): only by one with the role
-- (8), never oneself, and a protected person only with the right (16). One stay is of one person.
-- sqlite:
CREATE TRIGGER counter_stay_7 BEFORE INSERT ON counter_stay WHEN NOT EXISTS (SELECT 1 FROM employee e JOIN party p ON p.id = NEW.party_id WHERE e.id = NEW.employee_id AND e.active = 1 AND (e.roles & 8) <> 0 AND (p.protected = 0 OR (e.roles & 16) <> 0) AND (e.party_id IS NULL OR e.party_id <> p.id)) BEGIN SELECT RAISE(ABORT, 'LAW 7: the counter opens a person only by one who has the right, and never oneself'); END;
CREATE TRIGGER counter_stay_7u BEFORE UPDATE OF session_id, employee_id, unit_id, party_id, name, channel, purpose, begun_us ON counter_stay BEGIN SELECT RAISE(ABORT, 'LAW 7: a stay is of one person, by one employee, for one purpose'); END;
-- postgres:
CREATE FUNCTION counter_stay_7() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.session_id, NEW.employee_id, NEW.unit_id, NEW.party_id, NEW.name, NEW.channel, NEW.purpose, NEW.begun_us) IS DISTINCT FROM (OLD.session_id, OLD.employee_id, OLD.unit_id, OLD.party_id, OLD.name, OLD.channel, OLD.purpose, OLD.begun_us) THEN RAISE EXCEPTION 'LAW 7: a stay is of one person, by one employee, for one purpose'; END IF;
    ELSIF NOT EXISTS (SELECT 1 FROM employee e JOIN party p ON p.id = NEW.party_id WHERE e.id = NEW.employee_id AND e.active = 1 AND (e.roles & 8) <> 0 AND (p.protected = 0 OR (e.roles & 16) <> 0) AND (e.party_id IS NULL OR e.party_id <> p.id)) THEN
        RAISE EXCEPTION 'LAW 7: the counter opens a person only by one who has the right, and never oneself'; END IF;
    RETURN NEW; END $$;
CREATE TRIGGER counter_stay_7 BEFORE INSERT OR UPDATE ON counter_stay FOR EACH ROW EXECUTE FUNCTION counter_stay_7();
