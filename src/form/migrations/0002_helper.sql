-- An employee fills in with the citizen: who typed is kept.
ALTER TABLE form_draft ADD COLUMN begun_by int REFERENCES employee (id); -- employee who began it with the citizen; none: the citizen
ALTER TABLE form_draft ADD COLUMN typed_by int REFERENCES employee (id); -- employee who typed last; none: the citizen
ALTER TABLE form_draft ADD COLUMN typed_unit_id int REFERENCES unit (id); -- for which unit
ALTER TABLE form_draft ADD COLUMN channel int NOT NULL DEFAULT 1; -- enum channel: how it was typed last

-- Law 7: an employee types in a draft only while its party is open at the counter, and only in one that was begun there.
-- Sealing anew under another key sets none of the columns the triggers look at.
-- sqlite:
CREATE TRIGGER form_draft_7i BEFORE INSERT ON form_draft WHEN (NEW.typed_by IS NOT NULL OR NEW.begun_by IS NOT NULL OR NEW.channel <> 1) AND (NEW.begun_by IS NOT NEW.typed_by OR NOT EXISTS (SELECT 1 FROM counter_stay s WHERE s.employee_id = NEW.typed_by AND s.party_id = NEW.party_id AND s.channel = NEW.channel AND s.ends_us > NEW.changed_us)) BEGIN SELECT RAISE(ABORT, 'LAW 7: the citizen is not open at the counter'); END;
CREATE TRIGGER form_draft_7u BEFORE UPDATE OF changed_us, typed_by, channel, begun_by, party_id ON form_draft WHEN NEW.begun_by IS NOT OLD.begun_by OR NEW.party_id IS NOT OLD.party_id OR ((NEW.typed_by IS NOT NULL OR NEW.channel <> 1) AND (OLD.begun_by IS NULL OR NOT EXISTS (SELECT 1 FROM counter_stay s WHERE s.employee_id = NEW.typed_by AND s.party_id = NEW.party_id AND s.channel = NEW.channel AND s.ends_us > NEW.changed_us))) BEGIN SELECT RAISE(ABORT, 'LAW 7: the citizen is not open at the counter'); END;
-- postgres:
CREATE FUNCTION form_draft_7() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE open boolean; BEGIN
    open := EXISTS (SELECT 1 FROM counter_stay s WHERE s.employee_id = NEW.typed_by AND s.party_id = NEW.party_id AND s.channel = NEW.channel AND s.ends_us > NEW.changed_us);
    IF TG_OP = 'INSERT' THEN
        IF (NEW.typed_by IS NOT NULL OR NEW.begun_by IS NOT NULL OR NEW.channel <> 1) AND (NEW.begun_by IS DISTINCT FROM NEW.typed_by OR NOT open) THEN RAISE EXCEPTION 'LAW 7: the citizen is not open at the counter'; END IF;
    ELSIF NEW.begun_by IS DISTINCT FROM OLD.begun_by OR NEW.party_id IS DISTINCT FROM OLD.party_id OR ((NEW.typed_by IS NOT NULL OR NEW.channel <> 1) AND (OLD.begun_by IS NULL OR NOT open)) THEN
        RAISE EXCEPTION 'LAW 7: the citizen is not open at the counter'; END IF;
    RETURN NEW; END $$;
CREATE TRIGGER form_draft_7 BEFORE INSERT OR UPDATE OF changed_us, typed_by, channel, begun_by, party_id ON form_draft FOR EACH ROW EXECUTE FUNCTION form_draft_7();
