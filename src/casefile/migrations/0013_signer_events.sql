-- Law 7: one who was asked to sign writes on the timeline that they signed, or said no, and nothing else. It is 0011's rule, which
-- let them write any line.
-- sqlite:
DROP TRIGGER casefile_event_7;
CREATE TRIGGER casefile_event_7 BEFORE INSERT ON casefile_event WHEN NEW.party_id IS NOT NULL AND EXISTS (SELECT 1 FROM casefile c WHERE c.id = NEW.casefile_id AND c.party_id <> NEW.party_id) AND NOT EXISTS (SELECT 1 FROM casefile_reach r JOIN mandate m ON m.id = r.via WHERE r.casefile_id = NEW.casefile_id AND r.kind = 1 AND r.ref = NEW.party_id AND r.from_us <= NEW.at_us AND r.until_us > NEW.at_us AND m.act = 1) AND NOT (NEW.kind IN ('signed', 'sign_refused') AND EXISTS (SELECT 1 FROM casefile_signer s WHERE s.casefile_id = NEW.casefile_id AND s.party_id = NEW.party_id)) BEGIN SELECT RAISE(ABORT, 'LAW 7: this mandate does not let one act'); END;
-- postgres:
CREATE OR REPLACE FUNCTION casefile_event_7() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.party_id IS NOT NULL AND EXISTS (SELECT 1 FROM casefile c WHERE c.id = NEW.casefile_id AND c.party_id <> NEW.party_id) AND NOT EXISTS (SELECT 1 FROM casefile_reach r JOIN mandate m ON m.id = r.via WHERE r.casefile_id = NEW.casefile_id AND r.kind = 1 AND r.ref = NEW.party_id AND r.from_us <= NEW.at_us AND r.until_us > NEW.at_us AND m.act = 1) AND NOT (NEW.kind IN ('signed', 'sign_refused') AND EXISTS (SELECT 1 FROM casefile_signer s WHERE s.casefile_id = NEW.casefile_id AND s.party_id = NEW.party_id)) THEN
        RAISE EXCEPTION 'LAW 7: this mandate does not let one act'; END IF;
    RETURN NEW; END $$;
