-- Who sent the application for the party, by a mandate.
ALTER TABLE casefile ADD COLUMN holder_id int REFERENCES party (id); -- the holder of the mandate; none: the party itself, or an employee

-- Law 7: in a case of somebody else one acts by a mandate that is in force, covers it, and lets one act; or as one who was asked to sign.
-- sqlite:
CREATE TRIGGER casefile_event_7 BEFORE INSERT ON casefile_event WHEN NEW.party_id IS NOT NULL AND EXISTS (SELECT 1 FROM casefile c WHERE c.id = NEW.casefile_id AND c.party_id <> NEW.party_id) AND NOT EXISTS (SELECT 1 FROM casefile_reach r JOIN mandate m ON m.id = r.via WHERE r.casefile_id = NEW.casefile_id AND r.kind = 1 AND r.ref = NEW.party_id AND r.from_us <= NEW.at_us AND r.until_us > NEW.at_us AND m.act = 1) AND NOT EXISTS (SELECT 1 FROM casefile_signer s WHERE s.casefile_id = NEW.casefile_id AND s.party_id = NEW.party_id) BEGIN SELECT RAISE(ABORT, 'LAW 7: this mandate does not let one act'); END;
CREATE TRIGGER casefile_7h BEFORE INSERT ON casefile WHEN NEW.holder_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM mandate m WHERE m.giver_id = NEW.party_id AND m.holder_id = NEW.holder_id AND m.act = 1 AND m.from_us <= NEW.received_us AND m.withdrawn_us IS NULL AND (m.until_us IS NULL OR m.until_us > NEW.received_us)) BEGIN SELECT RAISE(ABORT, 'LAW 7: the one who sent it has no mandate of the party'); END;
-- postgres:
CREATE FUNCTION casefile_event_7() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.party_id IS NOT NULL AND EXISTS (SELECT 1 FROM casefile c WHERE c.id = NEW.casefile_id AND c.party_id <> NEW.party_id) AND NOT EXISTS (SELECT 1 FROM casefile_reach r JOIN mandate m ON m.id = r.via WHERE r.casefile_id = NEW.casefile_id AND r.kind = 1 AND r.ref = NEW.party_id AND r.from_us <= NEW.at_us AND r.until_us > NEW.at_us AND m.act = 1) AND NOT EXISTS (SELECT 1 FROM casefile_signer s WHERE s.casefile_id = NEW.casefile_id AND s.party_id = NEW.party_id) THEN
        RAISE EXCEPTION 'LAW 7: this mandate does not let one act'; END IF;
    RETURN NEW; END $$;
CREATE TRIGGER casefile_event_7 BEFORE INSERT ON casefile_event FOR EACH ROW EXECUTE FUNCTION casefile_event_7();
CREATE FUNCTION casefile_7h() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.holder_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM mandate m WHERE m.giver_id = NEW.party_id AND m.holder_id = NEW.holder_id AND m.act = 1 AND m.from_us <= NEW.received_us AND m.withdrawn_us IS NULL AND (m.until_us IS NULL OR m.until_us > NEW.received_us)) THEN
        RAISE EXCEPTION 'LAW 7: the one who sent it has no mandate of the party'; END IF;
    RETURN NEW; END $$;
CREATE TRIGGER casefile_7h BEFORE INSERT ON casefile FOR EACH ROW EXECUTE FUNCTION casefile_7h();
