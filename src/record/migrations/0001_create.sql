-- Gap-free numbers: the last value given in each series and year. Taken as the last statement before commit.
CREATE TABLE counter (
    series text NOT NULL, -- casefile, journal
    year int NOT NULL, -- local year
    value int NOT NULL, -- last number given
    PRIMARY KEY (series, year)
);

-- The archive of an authority (arkiv).
CREATE TABLE record_fonds (
    id int PRIMARY KEY, -- random
    uuid text NOT NULL UNIQUE, -- systemID; those of all else are made from it and their id (record_uuid)
    title text NOT NULL, -- the municipality's name
    created_us int NOT NULL, -- opprettetDato
    closed_us int -- avsluttetDato
);

CREATE UNIQUE INDEX record_fonds_open ON record_fonds (title) WHERE closed_us IS NULL;

-- A period or part of it (arkivdel).
CREATE TABLE record_series (
    id int PRIMARY KEY, -- random
    fonds_id int NOT NULL REFERENCES record_fonds (id), -- its archive
    title text NOT NULL, -- what it holds
    status text NOT NULL, -- arkivdelstatus: A active, U closed
    created_us int NOT NULL, -- opprettetDato
    closed_us int -- avsluttetDato
);

-- A class of the classification system (klasse): KLE in Denmark.
CREATE TABLE record_class (
    id int PRIMARY KEY, -- random
    series_id int NOT NULL REFERENCES record_series (id), -- the series it structures
    key text NOT NULL, -- klasseID, such as 27.60.00
    title text NOT NULL, -- its name
    created_us int NOT NULL, -- opprettetDato
    UNIQUE (series_id, key)
);

-- The record of a case file (saksmappe).
CREATE TABLE record_casefile (
    id int PRIMARY KEY, -- random
    series_id int NOT NULL REFERENCES record_series (id), -- arkivdel
    class_id int NOT NULL REFERENCES record_class (id), -- klasse
    year int, -- saksaar; with seq given last, before the commit
    seq int, -- sakssekvensnummer, gap-free within the year
    title text NOT NULL, -- tittel, without personal data
    public_title text NOT NULL, -- offentligTittel
    status text NOT NULL, -- saksstatus: B under treatment, A closed
    unit_id int NOT NULL REFERENCES unit (id), -- administrativEnhet
    retention text NOT NULL, -- key of the retention rule
    access_code text NOT NULL, -- tilgangsrestriksjon; empty: open
    access_basis text NOT NULL, -- skjermingshjemmel
    registrations int NOT NULL, -- how many it has: journalpostnummer of the next
    created_us int NOT NULL, -- saksdato
    closed_us int, -- avsluttetDato
    UNIQUE (year, seq)
);

-- A registration (registrering; with a journal number a journalpost, of kind X an arkivnotat).
CREATE TABLE record_registration (
    id int PRIMARY KEY, -- random
    casefile_id int NOT NULL REFERENCES record_casefile (id), -- mappe
    number int NOT NULL, -- journalpostnummer: 1, 2 … within the case file
    kind int NOT NULL, -- enum record_kind: I U N X
    journal_year int, -- journalaar; with journal_seq given last, before the commit
    journal_seq int, -- journalsekvensnummer, gap-free within the year
    title text NOT NULL, -- tittel
    public_title text NOT NULL, -- offentligTittel
    document_us int NOT NULL, -- dokumentetsDato
    received_us int, -- mottattDato
    sent_us int, -- sendtDato
    unit_id int NOT NULL REFERENCES unit (id), -- journalenhet
    author_employee_id int, -- who wrote it, of ours
    author_party_id int, -- who wrote it, of the parties
    party_visible int NOT NULL, -- 1: the party sees it on my page
    access_code text NOT NULL, -- tilgangsrestriksjon; empty: open
    access_basis text NOT NULL, -- skjermingshjemmel
    version int NOT NULL, -- 1, 2 …: a correction is a new version (law 8)
    replaces_id int UNIQUE REFERENCES record_registration (id), -- the version it corrects
    reason text, -- why it was corrected
    created_us int NOT NULL, -- opprettetDato
    finished_us int, -- arkivertDato: from now on nothing changes (law 8)
    UNIQUE (casefile_id, number),
    UNIQUE (journal_year, journal_seq)
);

-- A correspondent of a registration (korrespondansepart).
CREATE TABLE record_party (
    registration_id int NOT NULL REFERENCES record_registration (id), -- of what
    number int NOT NULL, -- 1, 2 …
    role int NOT NULL, -- 1 sender, 2 recipient, 3 copy
    party_id int REFERENCES party (id), -- who: name and address stand there
    unit_id int REFERENCES unit (id), -- which unit of ours
    name text, -- only when it is neither
    PRIMARY KEY (registration_id, number)
);

-- A document (dokumentbeskrivelse).
CREATE TABLE record_document (
    id int PRIMARY KEY, -- random
    registration_id int NOT NULL REFERENCES record_registration (id), -- where it belongs
    number int NOT NULL, -- dokumentnummer: 1 is the main document
    title text NOT NULL, -- tittel
    kind text NOT NULL, -- dokumenttype
    created_us int NOT NULL, -- opprettetDato
    UNIQUE (registration_id, number)
);

-- One form of a document (dokumentobjekt): a file in files/.
CREATE TABLE record_object (
    id int PRIMARY KEY, -- random
    document_id int NOT NULL REFERENCES record_document (id), -- of which document
    number int NOT NULL, -- versjonsnummer
    variant int NOT NULL, -- variantformat: 1 production, 2 archive
    mime text NOT NULL, -- mimeType
    file_name text NOT NULL, -- filnavn
    hash blob NOT NULL, -- sjekksum, SHA-256; the address in files/
    bytes int NOT NULL, -- filstoerrelse
    created_us int NOT NULL, -- opprettetDato
    UNIQUE (document_id, number)
);
CREATE INDEX record_object_hash ON record_object (hash);

-- sqlite:
CREATE TRIGGER record_registration_8 BEFORE UPDATE OF casefile_id, number, kind, title, public_title, document_us, received_us, sent_us, unit_id, author_employee_id, author_party_id, party_visible, access_code, access_basis, version, replaces_id, reason, created_us, finished_us ON record_registration WHEN OLD.finished_us IS NOT NULL BEGIN SELECT RAISE(ABORT, 'LAW 8: a finished registration cannot be changed'); END;
CREATE TRIGGER record_registration_8n BEFORE UPDATE OF journal_year, journal_seq ON record_registration WHEN OLD.journal_seq IS NOT NULL BEGIN SELECT RAISE(ABORT, 'LAW 8: a journal number cannot be changed'); END;
CREATE TRIGGER record_registration_8d BEFORE DELETE ON record_registration WHEN OLD.finished_us IS NOT NULL OR OLD.journal_seq IS NOT NULL BEGIN SELECT RAISE(ABORT, 'LAW 8: a finished registration cannot be deleted'); END;
CREATE TRIGGER record_party_8i BEFORE INSERT ON record_party WHEN EXISTS (SELECT 1 FROM record_registration r WHERE r.id = NEW.registration_id AND r.finished_us IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: the registration is finished'); END;
CREATE TRIGGER record_party_8u BEFORE UPDATE ON record_party WHEN EXISTS (SELECT 1 FROM record_registration r WHERE r.id IN (OLD.registration_id, NEW.registration_id) AND r.finished_us IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: the registration is finished'); END;
CREATE TRIGGER record_party_8d BEFORE DELETE ON record_party WHEN EXISTS (SELECT 1 FROM record_registration r WHERE r.id = OLD.registration_id AND r.finished_us IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: the registration is finished'); END;
CREATE TRIGGER record_document_8i BEFORE INSERT ON record_document WHEN EXISTS (SELECT 1 FROM record_registration r WHERE r.id = NEW.registration_id AND r.finished_us IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: the registration is finished'); END;
CREATE TRIGGER record_document_8u BEFORE UPDATE ON record_document WHEN EXISTS (SELECT 1 FROM record_registration r WHERE r.id IN (OLD.registration_id, NEW.registration_id) AND r.finished_us IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: the registration is finished'); END;
CREATE TRIGGER record_document_8d BEFORE DELETE ON record_document WHEN EXISTS (SELECT 1 FROM record_registration r WHERE r.id = OLD.registration_id AND r.finished_us IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: the registration is finished'); END;
CREATE TRIGGER record_object_8i BEFORE INSERT ON record_object WHEN EXISTS (SELECT 1 FROM record_document d JOIN record_registration r ON r.id = d.registration_id WHERE d.id = NEW.document_id AND r.finished_us IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: the registration is finished'); END;
CREATE TRIGGER record_object_8u BEFORE UPDATE ON record_object WHEN EXISTS (SELECT 1 FROM record_document d JOIN record_registration r ON r.id = d.registration_id WHERE d.id IN (OLD.document_id, NEW.document_id) AND r.finished_us IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: the registration is finished'); END;
CREATE TRIGGER record_object_8d BEFORE DELETE ON record_object WHEN EXISTS (SELECT 1 FROM record_document d JOIN record_registration r ON r.id = d.registration_id WHERE d.id = OLD.document_id AND r.finished_us IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: the registration is finished'); END;

-- postgres:
CREATE FUNCTION record_law8_registration() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.finished_us IS NOT NULL OR OLD.journal_seq IS NOT NULL THEN RAISE EXCEPTION 'LAW 8: a finished registration cannot be deleted'; END IF; RETURN OLD;
    END IF;
    IF OLD.journal_seq IS NOT NULL AND (NEW.journal_seq IS DISTINCT FROM OLD.journal_seq OR NEW.journal_year IS DISTINCT FROM OLD.journal_year) THEN RAISE EXCEPTION 'LAW 8: a journal number cannot be changed'; END IF;
    IF OLD.finished_us IS NOT NULL AND to_jsonb(NEW) - 'journal_seq' - 'journal_year' IS DISTINCT FROM to_jsonb(OLD) - 'journal_seq' - 'journal_year' THEN RAISE EXCEPTION 'LAW 8: a finished registration cannot be changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER record_registration_8 BEFORE UPDATE OR DELETE ON record_registration FOR EACH ROW EXECUTE FUNCTION record_law8_registration();
CREATE FUNCTION record_law8_part() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE old_id bigint; new_id bigint; BEGIN
    IF TG_OP <> 'INSERT' THEN old_id := OLD.registration_id; END IF;
    IF TG_OP <> 'DELETE' THEN new_id := NEW.registration_id; END IF;
    IF EXISTS (SELECT 1 FROM record_registration r WHERE r.id IN (old_id, new_id) AND r.finished_us IS NOT NULL) THEN RAISE EXCEPTION 'LAW 8: the registration is finished'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;
END $$;
CREATE TRIGGER record_party_8 BEFORE INSERT OR UPDATE OR DELETE ON record_party FOR EACH ROW EXECUTE FUNCTION record_law8_part();
CREATE TRIGGER record_document_8 BEFORE INSERT OR UPDATE OR DELETE ON record_document FOR EACH ROW EXECUTE FUNCTION record_law8_part();
CREATE FUNCTION record_law8_object() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE old_id bigint; new_id bigint; BEGIN
    IF TG_OP <> 'INSERT' THEN old_id := OLD.document_id; END IF;
    IF TG_OP <> 'DELETE' THEN new_id := NEW.document_id; END IF;
    IF EXISTS (SELECT 1 FROM record_document d JOIN record_registration r ON r.id = d.registration_id WHERE d.id IN (old_id, new_id) AND r.finished_us IS NOT NULL) THEN RAISE EXCEPTION 'LAW 8: the registration is finished'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;
END $$;
CREATE TRIGGER record_object_8 BEFORE INSERT OR UPDATE OR DELETE ON record_object FOR EACH ROW EXECUTE FUNCTION record_law8_object();
-- both:
