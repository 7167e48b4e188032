-- A request without a name (offentleglova § 28, offentlighedsloven § 7): what is decided is told in a reply, which the one who asked
-- reads with the receipt code, gets by e-mail, or by letter. Nobody is a party, so there is nobody to hear (law 3) and no letter/.
ALTER TABLE casefile ADD COLUMN decides int NOT NULL DEFAULT 0; -- 1: its service decides, so it does not close without an answer; 0 also: it was opened before this was kept

CREATE TABLE casefile_reply (
    casefile_id int NOT NULL REFERENCES casefile (id), -- of which case
    n int NOT NULL, -- 1, 2 …: a new one after an appeal, or after one that could not be sent
    at_us int NOT NULL, -- when it was given
    employee_id int NOT NULL REFERENCES employee (id), -- by whom
    registration_id int NOT NULL REFERENCES record_registration (id), -- its words, in the record
    legal_basis text NOT NULL, -- by which rule; it stands in the words too
    appeal text NOT NULL, -- the guidance on appeal and the contact; they stand in the words too
    way int NOT NULL CHECK (way IN (1, 2, 3)), -- enum casefile_reply_way: 1 read with the code, 2 e-mail, 3 letter
    email text NOT NULL, -- to which address; empty: not by e-mail
    arrived_us int, -- when it arrived (law 5): of a letter it may lie ahead; none: not yet
    failed_us int, -- when the e-mail was given up
    PRIMARY KEY (casefile_id, n),
    CONSTRAINT law_4_reply CHECK (length(legal_basis) >= 3 AND length(appeal) >= 20),
    CONSTRAINT law_5_reply CHECK (arrived_us IS NULL OR failed_us IS NULL),
    CHECK ((way = 2) = (email <> ''))
) WITHOUT ROWID;

-- sqlite:
CREATE TRIGGER casefile_reply_i BEFORE INSERT ON casefile_reply WHEN NEW.failed_us IS NOT NULL OR NOT EXISTS (SELECT 1 FROM casefile c JOIN record_registration r ON r.casefile_id = c.record_id WHERE c.id = NEW.casefile_id AND c.party_id IS NULL AND r.id = NEW.registration_id) BEGIN SELECT RAISE(ABORT, 'LAW 4: a reply is to one who gave no name; a party gets a decision and a letter'); END;
CREATE TRIGGER casefile_reply_u BEFORE UPDATE ON casefile_reply WHEN NEW.casefile_id IS NOT OLD.casefile_id OR NEW.n IS NOT OLD.n OR NEW.at_us IS NOT OLD.at_us OR NEW.employee_id IS NOT OLD.employee_id OR NEW.registration_id IS NOT OLD.registration_id OR NEW.legal_basis IS NOT OLD.legal_basis OR NEW.appeal IS NOT OLD.appeal OR NEW.way IS NOT OLD.way OR NEW.email IS NOT OLD.email OR OLD.arrived_us IS NOT NULL OR OLD.failed_us IS NOT NULL BEGIN SELECT RAISE(ABORT, 'LAW 8: a reply that was given cannot be changed'); END;
CREATE TRIGGER casefile_reply_d BEFORE DELETE ON casefile_reply WHEN NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: a reply that was given cannot be taken away'); END;
CREATE TRIGGER casefile_4 BEFORE UPDATE OF decided_us ON casefile WHEN NEW.party_id IS NULL AND NEW.decided_us IS NOT NULL AND NEW.decided_us IS NOT OLD.decided_us AND NOT EXISTS (SELECT 1 FROM casefile_reply y WHERE y.casefile_id = NEW.id AND y.at_us = NEW.decided_us) BEGIN SELECT RAISE(ABORT, 'LAW 4: without a party a case is decided by a reply'); END;
CREATE TRIGGER casefile_5a BEFORE UPDATE OF arrived_us ON casefile WHEN NEW.party_id IS NULL AND NEW.arrived_us IS NOT NULL AND NEW.arrived_us IS NOT OLD.arrived_us AND NOT EXISTS (SELECT 1 FROM casefile_reply y WHERE y.casefile_id = NEW.id AND y.at_us = NEW.decided_us AND y.arrived_us = NEW.arrived_us) BEGIN SELECT RAISE(ABORT, 'LAW 5: the reply has not arrived'); END;
CREATE TRIGGER casefile_4c BEFORE UPDATE OF state ON casefile WHEN NEW.state = 6 AND OLD.state NOT IN (5, 6) AND NEW.decides = 1 AND NEW.decided_us IS NULL AND NOT EXISTS (SELECT 1 FROM casefile_unsigned u WHERE u.casefile_id = NEW.id) BEGIN SELECT RAISE(ABORT, 'LAW 4: what is to be decided is not closed undecided'); END;

-- postgres:
CREATE FUNCTION casefile_reply_laws() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.failed_us IS NOT NULL OR NOT EXISTS (SELECT 1 FROM casefile c JOIN record_registration r ON r.casefile_id = c.record_id WHERE c.id = NEW.casefile_id AND c.party_id IS NULL AND r.id = NEW.registration_id) THEN RAISE EXCEPTION 'LAW 4: a reply is to one who gave no name; a party gets a decision and a letter'; END IF; RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) THEN RAISE EXCEPTION 'LAW 8: a reply that was given cannot be taken away'; END IF; RETURN OLD;
    END IF;
    IF (NEW.casefile_id, NEW.n, NEW.at_us, NEW.employee_id, NEW.registration_id, NEW.legal_basis, NEW.appeal, NEW.way, NEW.email) IS DISTINCT FROM (OLD.casefile_id, OLD.n, OLD.at_us, OLD.employee_id, OLD.registration_id, OLD.legal_basis, OLD.appeal, OLD.way, OLD.email) OR OLD.arrived_us IS NOT NULL OR OLD.failed_us IS NOT NULL THEN RAISE EXCEPTION 'LAW 8: a reply that was given cannot be changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casefile_reply_laws BEFORE INSERT OR UPDATE OR DELETE ON casefile_reply FOR EACH ROW EXECUTE FUNCTION casefile_reply_laws();
CREATE FUNCTION casefile_law4() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.party_id IS NULL AND NEW.decided_us IS NOT NULL AND NEW.decided_us IS DISTINCT FROM OLD.decided_us AND NOT EXISTS (SELECT 1 FROM casefile_reply y WHERE y.casefile_id = NEW.id AND y.at_us = NEW.decided_us) THEN RAISE EXCEPTION 'LAW 4: without a party a case is decided by a reply'; END IF;
    IF NEW.party_id IS NULL AND NEW.arrived_us IS NOT NULL AND NEW.arrived_us IS DISTINCT FROM OLD.arrived_us AND NOT EXISTS (SELECT 1 FROM casefile_reply y WHERE y.casefile_id = NEW.id AND y.at_us = NEW.decided_us AND y.arrived_us = NEW.arrived_us) THEN RAISE EXCEPTION 'LAW 5: the reply has not arrived'; END IF;
    IF NEW.state = 6 AND OLD.state NOT IN (5, 6) AND NEW.decides = 1 AND NEW.decided_us IS NULL AND NOT EXISTS (SELECT 1 FROM casefile_unsigned u WHERE u.casefile_id = NEW.id) THEN RAISE EXCEPTION 'LAW 4: what is to be decided is not closed undecided'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casefile_4 BEFORE UPDATE OF state, decided_us, arrived_us ON casefile FOR EACH ROW EXECUTE FUNCTION casefile_law4();
