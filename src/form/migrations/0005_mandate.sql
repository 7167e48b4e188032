-- A draft that somebody fills in for another by a mandate: it is the giver's, and the holder's as long as that mandate is in force.
ALTER TABLE form_draft ADD COLUMN mandate_id int; -- mandate it was begun by; none: by its party, or at the counter
ALTER TABLE form_draft ADD COLUMN typed_mandate_id int; -- mandate by which it was typed last; none: by its party, or at the counter
CREATE INDEX form_draft_mandate ON form_draft (mandate_id) WHERE mandate_id IS NOT NULL;

-- Law 7: one types for another only by the mandate the draft was begun by, while it is in force, covers the service and lets one act.
-- sqlite:
CREATE TRIGGER form_draft_7mi BEFORE INSERT ON form_draft WHEN NEW.mandate_id IS NOT NEW.typed_mandate_id OR (NEW.typed_mandate_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM mandate m WHERE m.id = NEW.typed_mandate_id AND m.giver_id = NEW.party_id AND m.act = 1 AND (m.scope = '' OR replace(' ' || m.scope || ' ', ' ' || NEW.service_key || ' ', '') <> ' ' || m.scope || ' ') AND m.from_us <= NEW.changed_us AND m.withdrawn_us IS NULL AND (m.until_us IS NULL OR m.until_us > NEW.changed_us))) BEGIN SELECT RAISE(ABORT, 'LAW 7: no mandate in force lets one fill in this for its party'); END;
CREATE TRIGGER form_draft_7mu BEFORE UPDATE OF changed_us, mandate_id, typed_mandate_id ON form_draft WHEN NEW.mandate_id IS NOT OLD.mandate_id OR (NEW.typed_mandate_id IS NOT NULL AND (NEW.typed_mandate_id IS NOT NEW.mandate_id OR NOT EXISTS (SELECT 1 FROM mandate m WHERE m.id = NEW.typed_mandate_id AND m.giver_id = NEW.party_id AND m.act = 1 AND (m.scope = '' OR replace(' ' || m.scope || ' ', ' ' || NEW.service_key || ' ', '') <> ' ' || m.scope || ' ') AND m.from_us <= NEW.changed_us AND m.withdrawn_us IS NULL AND (m.until_us IS NULL OR m.until_us > NEW.changed_us)))) BEGIN SELECT RAISE(ABORT, 'LAW 7: no mandate in force lets one fill in this for its party'); END;
-- postgres:
CREATE FUNCTION form_draft_7m() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.typed_mandate_id IS NOT NULL AND (NEW.typed_mandate_id IS DISTINCT FROM NEW.mandate_id OR NOT EXISTS (SELECT 1 FROM mandate m WHERE m.id = NEW.typed_mandate_id AND m.giver_id = NEW.party_id AND m.act = 1 AND (m.scope = '' OR replace(' ' || m.scope || ' ', ' ' || NEW.service_key || ' ', '') <> ' ' || m.scope || ' ') AND m.from_us <= NEW.changed_us AND m.withdrawn_us IS NULL AND (m.until_us IS NULL OR m.until_us > NEW.changed_us))) THEN
        RAISE EXCEPTION 'LAW 7: no mandate in force lets one fill in this for its party'; END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.mandate_id IS DISTINCT FROM NEW.typed_mandate_id THEN RAISE EXCEPTION 'LAW 7: no mandate in force lets one fill in this for its party'; END IF;
    ELSIF NEW.mandate_id IS DISTINCT FROM OLD.mandate_id THEN
        RAISE EXCEPTION 'LAW 7: no mandate in force lets one fill in this for its party'; END IF;
    RETURN NEW; END $$;
CREATE TRIGGER form_draft_7m BEFORE INSERT OR UPDATE OF changed_us, mandate_id, typed_mandate_id ON form_draft FOR EACH ROW EXECUTE FUNCTION form_draft_7m();
