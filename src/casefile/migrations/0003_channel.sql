-- How the application came, and who typed it.
ALTER TABLE casefile ADD COLUMN channel int NOT NULL DEFAULT 1 CHECK (channel IN (1, 2, 3, 4, 5)); -- enum channel: self, counter, telephone, letter, e-mail
ALTER TABLE casefile ADD COLUMN helper_id int REFERENCES employee (id); -- employee who typed it, or began it before the citizen went on alone; none: the citizen
ALTER TABLE casefile ADD COLUMN helper_unit_id int REFERENCES unit (id); -- for which unit
-- what is counted per service and year stands in the index alone
CREATE INDEX casefile_channel ON casefile (received_us, service_key, channel, id);

-- What an employee typed at the counter is kept as that, and neither is changed afterwards.
-- sqlite:
CREATE TRIGGER casefile_7 BEFORE INSERT ON casefile WHEN EXISTS (SELECT 1 FROM form_draft d WHERE d.id = NEW.draft_id AND d.typed_by IS NOT NULL AND (NEW.helper_id IS NOT d.typed_by OR NEW.channel <> d.channel OR NEW.party_id IS NOT d.party_id)) BEGIN SELECT RAISE(ABORT, 'LAW 7: who typed an application is kept'); END;
CREATE TRIGGER casefile_8 BEFORE UPDATE OF channel, helper_id, helper_unit_id ON casefile BEGIN SELECT RAISE(ABORT, 'LAW 8: how an application came is not changed'); END;
-- postgres:
CREATE FUNCTION casefile_7() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION 'LAW 8: how an application came is not changed'; END IF;
    IF EXISTS (SELECT 1 FROM form_draft d WHERE d.id = NEW.draft_id AND d.typed_by IS NOT NULL AND (NEW.helper_id IS DISTINCT FROM d.typed_by OR NEW.channel <> d.channel OR NEW.party_id IS DISTINCT FROM d.party_id)) THEN RAISE EXCEPTION 'LAW 7: who typed an application is kept'; END IF;
    RETURN NEW; END $$;
CREATE TRIGGER casefile_7 BEFORE INSERT ON casefile FOR EACH ROW EXECUTE FUNCTION casefile_7();
CREATE TRIGGER casefile_8 BEFORE UPDATE OF channel, helper_id, helper_unit_id ON casefile FOR EACH ROW EXECUTE FUNCTION casefile_7();
