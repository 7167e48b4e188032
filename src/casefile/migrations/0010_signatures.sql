-- An application that somebody else must sign too (law 11): who is asked, and what they said.
CREATE TABLE casefile_signature (
    id int PRIMARY KEY, -- random; stands in addresses
    casefile_id int NOT NULL REFERENCES casefile (id), -- of which case
    number int NOT NULL, -- 1, 2 …
    kind int NOT NULL, -- enum service_cosigner
    name text NOT NULL, -- of the organisation somebody signs for; else empty
    hash blob, -- SHA-256 of the application as it was sent: what is signed; none: it came by post
    asked_us int NOT NULL, -- when
    until_us int NOT NULL, -- end of the last day to sign
    state int NOT NULL CHECK (state BETWEEN 0 AND 5), -- enum casefile_signing: 0 waits, 1 signed, 2 said no, 3 the time passed, 4 settled by an employee, 5 nobody could be asked
    party_id int REFERENCES party (id), -- who signed or said no
    employee_id int REFERENCES employee (id), -- who settled it
    answered_us int, -- when it was signed, refused, lapsed or settled
    legal_basis text NOT NULL, -- by which rule it was settled; else empty
    registration_id int REFERENCES record_registration (id), -- the signature, or the no, in the record
    reminded_us int, -- when the first party last had a reminder sent
    UNIQUE (casefile_id, number)
);
CREATE INDEX casefile_signature_waits ON casefile_signature (until_us) WHERE state = 0;

-- Who may give a signature; for an organisation any one of several.
CREATE TABLE casefile_signer (
    signature_id int NOT NULL REFERENCES casefile_signature (id), -- which
    party_id int NOT NULL REFERENCES party (id), -- who
    casefile_id int NOT NULL REFERENCES casefile (id), -- of which case
    PRIMARY KEY (signature_id, party_id)
) WITHOUT ROWID;
CREATE INDEX casefile_signer_party ON casefile_signer (party_id, signature_id);
CREATE INDEX casefile_signer_casefile ON casefile_signer (casefile_id);

-- Signatures that are missing: not given, or void because the application is no longer what was signed.
CREATE VIEW casefile_unsigned AS SELECT g.id, g.casefile_id
FROM casefile_signature g JOIN casefile c ON c.id = g.casefile_id LEFT JOIN record_document d ON d.registration_id = c.application_id AND d.number = 1 LEFT JOIN record_object o ON o.document_id = d.id AND o.number = 1
WHERE g.state NOT IN (1, 4) OR (g.state = 1 AND (o.hash IS NULL OR o.hash <> g.hash OR EXISTS (SELECT 1 FROM record_registration n WHERE n.replaces_id = c.application_id)));

-- sqlite:
CREATE TRIGGER casefile_signature_i BEFORE INSERT ON casefile_signature WHEN NEW.state NOT IN (0, 5) BEGIN SELECT RAISE(ABORT, 'LAW 11: a signature begins as a question'); END;
CREATE TRIGGER casefile_signature_u BEFORE UPDATE ON casefile_signature WHEN NEW.id IS NOT OLD.id OR NEW.casefile_id IS NOT OLD.casefile_id OR NEW.number IS NOT OLD.number OR NEW.kind IS NOT OLD.kind OR NEW.name IS NOT OLD.name OR NEW.hash IS NOT OLD.hash OR NEW.asked_us IS NOT OLD.asked_us OR NEW.until_us IS NOT OLD.until_us OR (NEW.state <> OLD.state AND NOT (OLD.state = 0 AND NEW.state IN (1, 2, 3, 4)) AND NOT (NEW.state = 4 AND EXISTS (SELECT 1 FROM casefile_unsigned u WHERE u.id = OLD.id))) OR (NEW.state = OLD.state AND (NEW.party_id IS NOT OLD.party_id OR NEW.employee_id IS NOT OLD.employee_id OR NEW.answered_us IS NOT OLD.answered_us OR NEW.legal_basis IS NOT OLD.legal_basis OR NEW.registration_id IS NOT OLD.registration_id)) BEGIN SELECT RAISE(ABORT, 'LAW 11: a signature is given once, and stays as it was given'); END;
CREATE TRIGGER casefile_signature_a BEFORE UPDATE ON casefile_signature WHEN (NEW.state IN (1, 2) AND OLD.state = 0 AND (NOT EXISTS (SELECT 1 FROM casefile_signer s WHERE s.signature_id = NEW.id AND s.party_id = NEW.party_id) OR NEW.answered_us IS NULL OR NEW.answered_us >= NEW.until_us)) BEGIN SELECT RAISE(ABORT, 'LAW 11: only one who was asked answers, while there is time'); END;
CREATE TRIGGER casefile_signature_s BEFORE UPDATE ON casefile_signature WHEN (NEW.state = 1 AND OLD.state = 0 AND NOT EXISTS (SELECT 1 FROM casefile c JOIN record_document d ON d.registration_id = c.application_id AND d.number = 1 JOIN record_object o ON o.document_id = d.id AND o.number = 1 WHERE c.id = NEW.casefile_id AND o.hash = NEW.hash)) BEGIN SELECT RAISE(ABORT, 'LAW 11: what is signed is the application as it was sent'); END;
CREATE TRIGGER casefile_signature_e BEFORE UPDATE ON casefile_signature WHEN (NEW.state = 4 AND OLD.state <> 4 AND (NEW.employee_id IS NULL OR length(NEW.legal_basis) < 3)) BEGIN SELECT RAISE(ABORT, 'LAW 11: that no signature is needed is recorded by an employee, with its legal basis'); END;
CREATE TRIGGER casefile_signature_d BEFORE DELETE ON casefile_signature WHEN NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 11: a signature is given once, and stays as it was given'); END;
CREATE TRIGGER casefile_signer_i BEFORE INSERT ON casefile_signer WHEN NOT EXISTS (SELECT 1 FROM casefile_signature g JOIN casefile c ON c.id = g.casefile_id WHERE g.id = NEW.signature_id AND g.casefile_id = NEW.casefile_id AND g.state = 0 AND c.party_id <> NEW.party_id) BEGIN SELECT RAISE(ABORT, 'LAW 11: somebody else signs, while the signature is asked for'); END;
CREATE TRIGGER casefile_signer_u BEFORE UPDATE ON casefile_signer BEGIN SELECT RAISE(ABORT, 'LAW 11: who was asked to sign stays'); END;
CREATE TRIGGER casefile_signer_d BEFORE DELETE ON casefile_signer WHEN NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 11: who was asked to sign stays'); END;
CREATE TRIGGER casefile_11 BEFORE UPDATE OF state ON casefile WHEN NEW.state IN (3, 6) AND OLD.state IN (0, 1, 2) AND EXISTS (SELECT 1 FROM casefile_unsigned u WHERE u.casefile_id = NEW.id) BEGIN SELECT RAISE(ABORT, 'LAW 11: what two must sign is not decided before both have signed'); END;

-- postgres:
CREATE FUNCTION casefile_signature_law11() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) THEN RAISE EXCEPTION 'LAW 11: a signature is given once, and stays as it was given'; END IF; RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN (0, 5) THEN RAISE EXCEPTION 'LAW 11: a signature begins as a question'; END IF; RETURN NEW;
    END IF;
    IF NEW.id IS DISTINCT FROM OLD.id OR NEW.casefile_id IS DISTINCT FROM OLD.casefile_id OR NEW.number IS DISTINCT FROM OLD.number OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.name IS DISTINCT FROM OLD.name OR NEW.hash IS DISTINCT FROM OLD.hash OR NEW.asked_us IS DISTINCT FROM OLD.asked_us OR NEW.until_us IS DISTINCT FROM OLD.until_us OR (NEW.state <> OLD.state AND NOT (OLD.state = 0 AND NEW.state IN (1, 2, 3, 4)) AND NOT (NEW.state = 4 AND EXISTS (SELECT 1 FROM casefile_unsigned u WHERE u.id = OLD.id))) OR (NEW.state = OLD.state AND (NEW.party_id IS DISTINCT FROM OLD.party_id OR NEW.employee_id IS DISTINCT FROM OLD.employee_id OR NEW.answered_us IS DISTINCT FROM OLD.answered_us OR NEW.legal_basis IS DISTINCT FROM OLD.legal_basis OR NEW.registration_id IS DISTINCT FROM OLD.registration_id)) THEN RAISE EXCEPTION 'LAW 11: a signature is given once, and stays as it was given'; END IF;
    IF (NEW.state IN (1, 2) AND OLD.state = 0 AND (NOT EXISTS (SELECT 1 FROM casefile_signer s WHERE s.signature_id = NEW.id AND s.party_id = NEW.party_id) OR NEW.answered_us IS NULL OR NEW.answered_us >= NEW.until_us)) THEN RAISE EXCEPTION 'LAW 11: only one who was asked answers, while there is time'; END IF;
    IF (NEW.state = 1 AND OLD.state = 0 AND NOT EXISTS (SELECT 1 FROM casefile c JOIN record_document d ON d.registration_id = c.application_id AND d.number = 1 JOIN record_object o ON o.document_id = d.id AND o.number = 1 WHERE c.id = NEW.casefile_id AND o.hash = NEW.hash)) THEN RAISE EXCEPTION 'LAW 11: what is signed is the application as it was sent'; END IF;
    IF (NEW.state = 4 AND OLD.state <> 4 AND (NEW.employee_id IS NULL OR length(NEW.legal_basis) < 3)) THEN RAISE EXCEPTION 'LAW 11: that no signature is needed is recorded by an employee, with its legal basis'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casefile_signature_11 BEFORE INSERT OR UPDATE OR DELETE ON casefile_signature FOR EACH ROW EXECUTE FUNCTION casefile_signature_law11();
CREATE FUNCTION casefile_signer_law11() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM casefile_signature g JOIN casefile c ON c.id = g.casefile_id WHERE g.id = NEW.signature_id AND g.casefile_id = NEW.casefile_id AND g.state = 0 AND c.party_id <> NEW.party_id) THEN RAISE EXCEPTION 'LAW 11: somebody else signs, while the signature is asked for'; END IF; RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) THEN RETURN OLD; END IF;
    END IF;
    RAISE EXCEPTION 'LAW 11: who was asked to sign stays';
END $$;
CREATE TRIGGER casefile_signer_11 BEFORE INSERT OR UPDATE OR DELETE ON casefile_signer FOR EACH ROW EXECUTE FUNCTION casefile_signer_law11();
CREATE FUNCTION casefile_law11() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.state IN (3, 6) AND OLD.state IN (0, 1, 2) AND EXISTS (SELECT 1 FROM casefile_unsigned u WHERE u.casefile_id = NEW.id) THEN RAISE EXCEPTION 'LAW 11: what two must sign is not decided before both have signed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casefile_11 BEFORE UPDATE OF state ON casefile FOR EACH ROW EXECUTE FUNCTION casefile_law11();
-- both:
