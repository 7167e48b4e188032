-- Ask once: which earlier answers a draft may take, and by which law. What has no row here is never read for it. Gone when the draft
-- is sent or deleted; that it was used stands in the access log.
CREATE TABLE casefile_reuse (
    draft_id int NOT NULL REFERENCES form_draft (id), -- the draft that is filled in
    field text NOT NULL, -- field of its form
    casefile_id int NOT NULL REFERENCES casefile (id), -- the application that the answer was given in
    from_field text NOT NULL CHECK (from_field <> ''), -- field of that form
    from_purpose text NOT NULL CHECK (from_purpose <> ''), -- purpose it was asked for there
    purpose text NOT NULL CHECK (purpose <> ''), -- purpose it is used for now
    law text NOT NULL CHECK (law <> ''), -- law that allows it, in words
    at_us int NOT NULL, -- when it was permitted
    PRIMARY KEY (draft_id, field)
) WITHOUT ROWID;
CREATE INDEX casefile_reuse_casefile ON casefile_reuse (casefile_id);

-- Law 7: a draft takes the answers of its own party, and none while an employee or the holder of a mandate types.
-- sqlite:
CREATE TRIGGER casefile_reuse_7 BEFORE INSERT ON casefile_reuse WHEN NOT EXISTS (SELECT 1 FROM form_draft d JOIN casefile c ON c.id = NEW.casefile_id WHERE d.id = NEW.draft_id AND d.party_id = c.party_id AND d.service_key <> c.service_key AND d.typed_by IS NULL AND d.mandate_id IS NULL) BEGIN SELECT RAISE(ABORT, 'LAW 7: only what the party itself has answered is used again'); END;
CREATE TRIGGER casefile_reuse_10 BEFORE INSERT ON casefile_reuse WHEN EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = NEW.casefile_id AND (r.disposal_id IS NOT NULL OR r.dispose_us <= NEW.at_us OR c.withdrawn_us IS NOT NULL OR c.by_post = 1)) BEGIN SELECT RAISE(ABORT, 'LAW 10: what is withdrawn or to be erased is not used again'); END;
CREATE TRIGGER casefile_reuse_u BEFORE UPDATE ON casefile_reuse BEGIN SELECT RAISE(ABORT, 'LAW 7: a permit is given anew, not changed'); END;
-- postgres:
CREATE FUNCTION casefile_reuse_laws() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION 'LAW 7: a permit is given anew, not changed'; END IF;
    IF NOT EXISTS (SELECT 1 FROM form_draft d JOIN casefile c ON c.id = NEW.casefile_id WHERE d.id = NEW.draft_id AND d.party_id = c.party_id AND d.service_key <> c.service_key AND d.typed_by IS NULL AND d.mandate_id IS NULL) THEN
        RAISE EXCEPTION 'LAW 7: only what the party itself has answered is used again'; END IF;
    IF EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = NEW.casefile_id AND (r.disposal_id IS NOT NULL OR r.dispose_us <= NEW.at_us OR c.withdrawn_us IS NOT NULL OR c.by_post = 1)) THEN
        RAISE EXCEPTION 'LAW 10: what is withdrawn or to be erased is not used again'; END IF;
    RETURN NEW; END $$;
CREATE TRIGGER casefile_reuse_laws BEFORE INSERT OR UPDATE ON casefile_reuse FOR EACH ROW EXECUTE FUNCTION casefile_reuse_laws();
