-- One disposal (kassasjon): the case files of one service that were erased together, by one rule. No personal data; kept for ever.
CREATE TABLE record_disposal (
    id int PRIMARY KEY, -- random
    at_us int NOT NULL, -- when it ran: nothing was erased that was not due then
    employee_id int, -- who asked for it; none: the nightly job
    service_key text NOT NULL, -- key of the service
    title text NOT NULL, -- public title of its case files
    retention text NOT NULL, -- the rule: years:5
    basis text NOT NULL, -- its legal basis, as the service folder says
    casefiles int NOT NULL, -- how many case files were erased
    documents int NOT NULL, -- how many documents they held
    parties int NOT NULL, -- how many persons had no other matter and were forgotten too
    CHECK (casefiles >= 0 AND documents >= 0 AND parties >= 0)
);
CREATE INDEX record_disposal_at ON record_disposal (at_us);

-- A case file that is held back from disposal: an appeal, a court, a request for access.
CREATE TABLE record_hold (
    id int PRIMARY KEY, -- random
    casefile_id int NOT NULL REFERENCES record_casefile (id), -- which record
    reason text NOT NULL CHECK (reason <> ''), -- why
    employee_id int NOT NULL, -- who held it back
    put_us int NOT NULL, -- when
    released_us int, -- when it was let go
    released_by int -- by which employee
);
CREATE UNIQUE INDEX record_hold_open ON record_hold (casefile_id) WHERE released_us IS NULL;

ALTER TABLE record_casefile ADD COLUMN dispose_us int; -- kassasjonsdato: erased from then on; none: open, or kept
ALTER TABLE record_casefile ADD COLUMN disposal_id int; -- by which disposal it was erased; only its numbers and dates are left
CREATE INDEX record_casefile_dispose ON record_casefile (dispose_us) WHERE dispose_us IS NOT NULL AND disposal_id IS NULL;
UPDATE record_casefile SET dispose_us = closed_us + CAST(substr(retention, 7) AS bigint) * 31557600000000 WHERE closed_us IS NOT NULL AND retention LIKE 'years:%';

-- Which registrations a person is a correspondent of: whether she has another matter.
CREATE INDEX record_party_party ON record_party (party_id) WHERE party_id IS NOT NULL;

-- Law 10: the mark disposal_id is the one gate. It opens for a closed record whose rule has a time that is out, in a disposal that
-- says who and when, and never again closes; what belongs to a marked record can be erased, and nothing else can.
-- sqlite:
CREATE TRIGGER record_casefile_10 BEFORE UPDATE OF disposal_id ON record_casefile WHEN NEW.disposal_id IS NOT NULL AND OLD.disposal_id IS NULL AND OLD.retention NOT LIKE 'years:%' BEGIN SELECT RAISE(ABORT, 'LAW 10: this case file is kept for ever'); END;
CREATE TRIGGER record_casefile_10t BEFORE UPDATE OF disposal_id ON record_casefile WHEN NEW.disposal_id IS NOT NULL AND OLD.disposal_id IS NULL AND NOT EXISTS (SELECT 1 FROM record_disposal d WHERE d.id = NEW.disposal_id AND d.retention = OLD.retention AND OLD.closed_us IS NOT NULL AND OLD.dispose_us IS NOT NULL AND d.at_us >= OLD.dispose_us) BEGIN SELECT RAISE(ABORT, 'LAW 10: the time of this case file is not out'); END;
CREATE TRIGGER record_casefile_10h BEFORE UPDATE OF disposal_id ON record_casefile WHEN NEW.disposal_id IS NOT NULL AND EXISTS (SELECT 1 FROM record_hold h WHERE h.casefile_id = OLD.id AND h.released_us IS NULL) BEGIN SELECT RAISE(ABORT, 'LAW 10: this case file is held back'); END;
CREATE TRIGGER record_casefile_10u BEFORE UPDATE ON record_casefile WHEN OLD.disposal_id IS NOT NULL BEGIN SELECT RAISE(ABORT, 'LAW 10: an erased case file does not come back'); END;
CREATE TRIGGER record_casefile_10r BEFORE UPDATE OF retention ON record_casefile WHEN NEW.retention <> OLD.retention AND (OLD.closed_us IS NOT NULL OR OLD.retention NOT LIKE 'years:%') BEGIN SELECT RAISE(ABORT, 'LAW 10: the rule of a case file is fixed when it closes, and what is kept stays so'); END;
CREATE TRIGGER record_casefile_10i BEFORE INSERT ON record_casefile WHEN NEW.disposal_id IS NOT NULL OR (NEW.retention <> 'keep' AND (NEW.retention NOT LIKE 'years:%' OR CAST(substr(NEW.retention, 7) AS bigint) < 1)) BEGIN SELECT RAISE(ABORT, 'LAW 10: a case file begins whole, with a rule'); END;
CREATE TRIGGER record_casefile_10s BEFORE UPDATE OF dispose_us, closed_us ON record_casefile WHEN NEW.dispose_us IS NOT NULL AND (NEW.closed_us IS NULL OR NEW.retention NOT LIKE 'years:%' OR CAST(substr(NEW.retention, 7) AS bigint) < 1 OR NEW.dispose_us < NEW.closed_us + CAST(substr(NEW.retention, 7) AS bigint) * 31536000000000) BEGIN SELECT RAISE(ABORT, 'LAW 10: a case file is erased no sooner than its rule says'); END;
CREATE TRIGGER record_casefile_10d BEFORE DELETE ON record_casefile BEGIN SELECT RAISE(ABORT, 'LAW 10: the number of a case file is never taken away'); END;
CREATE TRIGGER record_disposal_10u BEFORE UPDATE ON record_disposal WHEN NEW.id <> OLD.id OR NEW.at_us <> OLD.at_us OR NEW.employee_id IS NOT OLD.employee_id OR NEW.service_key <> OLD.service_key OR NEW.title <> OLD.title OR NEW.retention <> OLD.retention OR NEW.basis <> OLD.basis OR NEW.casefiles < OLD.casefiles OR NEW.documents < OLD.documents OR NEW.parties < OLD.parties BEGIN SELECT RAISE(ABORT, 'LAW 10: what was erased stays told'); END;
CREATE TRIGGER record_disposal_10d BEFORE DELETE ON record_disposal BEGIN SELECT RAISE(ABORT, 'LAW 10: what was erased stays told'); END;
CREATE TRIGGER record_hold_10d BEFORE DELETE ON record_hold WHEN NOT EXISTS (SELECT 1 FROM record_casefile c WHERE c.id = OLD.casefile_id AND c.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 10: a hold is let go, not taken away'); END;
DROP TRIGGER record_registration_8;
CREATE TRIGGER record_registration_8 BEFORE UPDATE OF casefile_id, number, kind, document_us, received_us, sent_us, unit_id, party_visible, access_code, access_basis, version, replaces_id, created_us, finished_us ON record_registration WHEN OLD.finished_us IS NOT NULL BEGIN SELECT RAISE(ABORT, 'LAW 8: a finished registration cannot be changed'); END;
CREATE TRIGGER record_registration_8w BEFORE UPDATE OF title, public_title, author_employee_id, author_party_id, reason ON record_registration WHEN OLD.finished_us IS NOT NULL AND NOT (NEW.title = '' AND NEW.public_title = '' AND NEW.author_party_id IS NULL AND NEW.reason IS NULL AND NEW.author_employee_id IS OLD.author_employee_id AND EXISTS (SELECT 1 FROM record_casefile c WHERE c.id = OLD.casefile_id AND c.disposal_id IS NOT NULL)) BEGIN SELECT RAISE(ABORT, 'LAW 8: a finished registration cannot be changed'); END;
DROP TRIGGER record_party_8d;
CREATE TRIGGER record_party_8d BEFORE DELETE ON record_party WHEN EXISTS (SELECT 1 FROM record_registration r JOIN record_casefile c ON c.id = r.casefile_id WHERE r.id = OLD.registration_id AND c.disposal_id IS NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: what was registered is not taken away'); END;
DROP TRIGGER record_document_8d;
CREATE TRIGGER record_document_8d BEFORE DELETE ON record_document WHEN EXISTS (SELECT 1 FROM record_registration r JOIN record_casefile c ON c.id = r.casefile_id WHERE r.id = OLD.registration_id AND c.disposal_id IS NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: what was registered is not taken away'); END;
DROP TRIGGER record_object_8d;
CREATE TRIGGER record_object_8d BEFORE DELETE ON record_object WHEN EXISTS (SELECT 1 FROM record_document d JOIN record_registration r ON r.id = d.registration_id JOIN record_casefile c ON c.id = r.casefile_id WHERE d.id = OLD.document_id AND c.disposal_id IS NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: what was registered is not taken away'); END;

-- postgres:
CREATE FUNCTION record_law10_casefile() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE years bigint; BEGIN
    IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'LAW 10: the number of a case file is never taken away'; END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.disposal_id IS NOT NULL OR (NEW.retention <> 'keep' AND (NEW.retention NOT LIKE 'years:%' OR CAST(substr(NEW.retention, 7) AS bigint) < 1)) THEN RAISE EXCEPTION 'LAW 10: a case file begins whole, with a rule'; END IF;
        RETURN NEW;
    END IF;
    IF OLD.disposal_id IS NOT NULL THEN RAISE EXCEPTION 'LAW 10: an erased case file does not come back'; END IF;
    IF NEW.retention <> OLD.retention AND (OLD.closed_us IS NOT NULL OR OLD.retention NOT LIKE 'years:%') THEN RAISE EXCEPTION 'LAW 10: the rule of a case file is fixed when it closes, and what is kept stays so'; END IF;
    IF NEW.dispose_us IS NOT NULL AND (NEW.dispose_us IS DISTINCT FROM OLD.dispose_us OR NEW.closed_us IS DISTINCT FROM OLD.closed_us) THEN
        IF NEW.closed_us IS NULL OR NEW.retention NOT LIKE 'years:%' THEN RAISE EXCEPTION 'LAW 10: a case file is erased no sooner than its rule says'; END IF;
        years := CAST(substr(NEW.retention, 7) AS bigint);
        IF years < 1 OR NEW.dispose_us < NEW.closed_us + years * 31536000000000 THEN RAISE EXCEPTION 'LAW 10: a case file is erased no sooner than its rule says'; END IF;
    END IF;
    IF NEW.disposal_id IS NOT NULL THEN
        IF OLD.retention NOT LIKE 'years:%' THEN RAISE EXCEPTION 'LAW 10: this case file is kept for ever'; END IF;
        IF NOT EXISTS (SELECT 1 FROM record_disposal d WHERE d.id = NEW.disposal_id AND d.retention = OLD.retention AND OLD.closed_us IS NOT NULL AND OLD.dispose_us IS NOT NULL AND d.at_us >= OLD.dispose_us) THEN RAISE EXCEPTION 'LAW 10: the time of this case file is not out'; END IF;
        IF EXISTS (SELECT 1 FROM record_hold h WHERE h.casefile_id = OLD.id AND h.released_us IS NULL) THEN RAISE EXCEPTION 'LAW 10: this case file is held back'; END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER record_casefile_10 BEFORE INSERT OR UPDATE OR DELETE ON record_casefile FOR EACH ROW EXECUTE FUNCTION record_law10_casefile();
CREATE FUNCTION record_law10_disposal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'LAW 10: what was erased stays told'; END IF;
    IF (NEW.id, NEW.at_us, NEW.employee_id, NEW.service_key, NEW.title, NEW.retention, NEW.basis) IS DISTINCT FROM (OLD.id, OLD.at_us, OLD.employee_id, OLD.service_key, OLD.title, OLD.retention, OLD.basis) OR NEW.casefiles < OLD.casefiles OR NEW.documents < OLD.documents OR NEW.parties < OLD.parties THEN RAISE EXCEPTION 'LAW 10: what was erased stays told'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER record_disposal_10 BEFORE UPDATE OR DELETE ON record_disposal FOR EACH ROW EXECUTE FUNCTION record_law10_disposal();
CREATE FUNCTION record_law10_hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM record_casefile c WHERE c.id = OLD.casefile_id AND c.disposal_id IS NOT NULL) THEN RAISE EXCEPTION 'LAW 10: a hold is let go, not taken away'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER record_hold_10 BEFORE DELETE ON record_hold FOR EACH ROW EXECUTE FUNCTION record_law10_hold();
CREATE OR REPLACE FUNCTION record_law8_registration() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.finished_us IS NOT NULL OR OLD.journal_seq IS NOT NULL THEN RAISE EXCEPTION 'LAW 8: a finished registration cannot be deleted'; END IF; RETURN OLD;
    END IF;
    IF OLD.journal_seq IS NOT NULL AND (NEW.journal_seq IS DISTINCT FROM OLD.journal_seq OR NEW.journal_year IS DISTINCT FROM OLD.journal_year) THEN RAISE EXCEPTION 'LAW 8: a journal number cannot be changed'; END IF;
    IF OLD.finished_us IS NOT NULL AND to_jsonb(NEW) - 'journal_seq' - 'journal_year' IS DISTINCT FROM to_jsonb(OLD) - 'journal_seq' - 'journal_year'
      AND NOT (to_jsonb(NEW) - 'journal_seq' - 'journal_year' - 'title' - 'public_title' - 'author_party_id' - 'reason' IS NOT DISTINCT FROM to_jsonb(OLD) - 'journal_seq' - 'journal_year' - 'title' - 'public_title' - 'author_party_id' - 'reason'
        AND NEW.title = '' AND NEW.public_title = '' AND NEW.author_party_id IS NULL AND NEW.reason IS NULL
        AND EXISTS (SELECT 1 FROM record_casefile c WHERE c.id = OLD.casefile_id AND c.disposal_id IS NOT NULL))
    THEN RAISE EXCEPTION 'LAW 8: a finished registration cannot be changed'; END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION record_law8_part() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE old_id bigint; BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM record_registration r JOIN record_casefile c ON c.id = r.casefile_id WHERE r.id = OLD.registration_id AND c.disposal_id IS NULL) THEN RAISE EXCEPTION 'LAW 8: what was registered is not taken away'; END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' THEN old_id := OLD.registration_id; END IF;
    IF EXISTS (SELECT 1 FROM record_registration r WHERE r.id IN (old_id, NEW.registration_id) AND r.finished_us IS NOT NULL) THEN RAISE EXCEPTION 'LAW 8: the registration is finished'; END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION record_law8_object() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE old_id bigint; BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM record_document d JOIN record_registration r ON r.id = d.registration_id JOIN record_casefile c ON c.id = r.casefile_id WHERE d.id = OLD.document_id AND c.disposal_id IS NULL) THEN RAISE EXCEPTION 'LAW 8: what was registered is not taken away'; END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' THEN old_id := OLD.document_id; END IF;
    IF EXISTS (SELECT 1 FROM record_document d JOIN record_registration r ON r.id = d.registration_id WHERE d.id IN (old_id, NEW.document_id) AND r.finished_us IS NOT NULL) THEN RAISE EXCEPTION 'LAW 8: the registration is finished'; END IF;
    RETURN NEW;
END $$;
-- both:
