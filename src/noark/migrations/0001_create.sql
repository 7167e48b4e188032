-- What the record holds beside the case files of the house (record/): entities of the Noark 5 model that programs made through the
-- API, and what hangs on a case file without a table of its own (remarks, parties, identifiers). Values of code lists too.
CREATE TABLE noark_item (
    id int PRIMARY KEY, -- random; the systemID is made of it (record_uuid)
    type int NOT NULL, -- number of the type in noark.tbl
    parent_id int, -- what it lies in: an item, or a row of record/; none: at the top
    parent_type int, -- the type of that
    fonds_id int NOT NULL, -- the archive (arkiv) whose numbers it takes; 0: none
    unit_id int NOT NULL, -- whose employees and machines see it; 0: everybody who may use the API
    casefile_id int, -- in a case file of the house: who may see that may see this
    version int NOT NULL, -- grows with every change: the ETag (law 2)
    title text, -- tittel, for order and search
    key text, -- kode of a code, navn of a field of our own: one of a type
    body text NOT NULL, -- the attributes, as JSON
    sealed int NOT NULL, -- 1: the body has a sealed identity number
    series int NOT NULL, -- which numbers: 1 case files, 2 journal; 0 none
    year int, -- saksaar, journalaar
    seq int, -- sakssekvensnummer, journalsekvensnummer: without gaps within archive and year
    numbers int NOT NULL, -- how many numbers were given to what lies in it
    hash blob, -- the file of a dokumentobjekt
    bytes int, -- its size
    mime text, -- what it is, told by its content
    created_us int NOT NULL, -- opprettetDato
    changed_us int NOT NULL, -- endretDato, or opprettetDato
    finished_us int, -- closed (avsluttet, arkivert): since when
    final int NOT NULL, -- 1: a registration or document that is finished: law 8
    deleted_us int -- deleted; a row with a number stays, empty, so that the series has no gap
);
CREATE INDEX noark_item_parent ON noark_item (parent_id, type, id) WHERE parent_id IS NOT NULL;
CREATE INDEX noark_item_type ON noark_item (type, created_us, id);
CREATE INDEX noark_item_title ON noark_item (type, title);
CREATE INDEX noark_item_casefile ON noark_item (casefile_id) WHERE casefile_id IS NOT NULL;
CREATE UNIQUE INDEX noark_item_key ON noark_item (type, key) WHERE key IS NOT NULL;
CREATE UNIQUE INDEX noark_item_number ON noark_item (fonds_id, series, year, seq) WHERE seq IS NOT NULL;

-- What refers to many ($ref): archive and its creators, secondary classes, documents of several registrations.
CREATE TABLE noark_reference (
    kind int NOT NULL, -- number of the link in noark.tbl
    a_id int NOT NULL, -- its first end
    b_id int NOT NULL, -- its second
    PRIMARY KEY (kind, a_id, b_id)
);
CREATE INDEX noark_reference_b ON noark_reference (kind, b_id, a_id);

-- A program that may use the API, for one unit.
CREATE TABLE noark_client (
    id int PRIMARY KEY, -- random
    name text NOT NULL UNIQUE, -- its user name: what stands in opprettetAv
    client text NOT NULL, -- its client_id
    unit_id int NOT NULL REFERENCES unit (id), -- the unit whose case files and archives it sees
    secret blob NOT NULL, -- keyed hash of its password
    active int NOT NULL, -- 0: taken away
    created_us int NOT NULL -- since when
);

-- A file that comes in pieces. Its bytes lie in DATA/tmp until the last.
CREATE TABLE noark_upload (
    id int PRIMARY KEY, -- random
    client_id int NOT NULL, -- whose
    item_type int NOT NULL, -- to what: dokumentobjekt or dokumentbeskrivelse
    item_id int NOT NULL, -- which
    mime text NOT NULL, -- what the client says it is
    bytes int NOT NULL, -- how large it will be
    received int NOT NULL, -- how much has come
    created_us int NOT NULL -- forgotten after a day
);

-- Law 8: what is finished stays, numbers stay.
-- sqlite:
CREATE TRIGGER noark_item_8 BEFORE UPDATE OF type, parent_id, title, body, hash, finished_us, final, deleted_us ON noark_item WHEN OLD.final = 1 BEGIN SELECT RAISE(ABORT, 'LAW 8: it is finished and cannot be changed'); END;
CREATE TRIGGER noark_item_8n BEFORE UPDATE OF year, seq, series, fonds_id ON noark_item WHEN OLD.seq IS NOT NULL AND (NEW.year IS NOT OLD.year OR NEW.seq IS NOT OLD.seq OR NEW.series <> OLD.series OR NEW.fonds_id <> OLD.fonds_id) BEGIN SELECT RAISE(ABORT, 'LAW 8: a number in the record cannot be changed'); END;
CREATE TRIGGER noark_item_8d BEFORE DELETE ON noark_item WHEN OLD.casefile_id IS NULL AND (OLD.final = 1 OR OLD.seq IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: what is finished, or has a number, is not taken away'); END;
CREATE TRIGGER noark_item_8i BEFORE INSERT ON noark_item WHEN NEW.type IN (6, 7, 12, 13, 14) AND EXISTS (SELECT 1 FROM noark_item p WHERE p.id = NEW.parent_id AND p.final = 1) BEGIN SELECT RAISE(ABORT, 'LAW 8: it is finished, and takes no more documents or correspondents'); END;
-- postgres:
CREATE FUNCTION noark_law8() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.type IN (6, 7, 12, 13, 14) AND EXISTS (SELECT 1 FROM noark_item p WHERE p.id = NEW.parent_id AND p.final = 1) THEN RAISE EXCEPTION 'LAW 8: it is finished, and takes no more documents or correspondents'; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.casefile_id IS NULL AND (OLD.final = 1 OR OLD.seq IS NOT NULL) THEN RAISE EXCEPTION 'LAW 8: what is finished, or has a number, is not taken away'; END IF;
        RETURN OLD;
    END IF;
    IF OLD.final = 1 AND (NEW.type, NEW.parent_id, NEW.title, NEW.body, NEW.hash, NEW.finished_us, NEW.final, NEW.deleted_us) IS DISTINCT FROM (OLD.type, OLD.parent_id, OLD.title, OLD.body, OLD.hash, OLD.finished_us, OLD.final, OLD.deleted_us) THEN RAISE EXCEPTION 'LAW 8: it is finished and cannot be changed'; END IF;
    IF OLD.seq IS NOT NULL AND (NEW.year, NEW.seq, NEW.series, NEW.fonds_id) IS DISTINCT FROM (OLD.year, OLD.seq, OLD.series, OLD.fonds_id) THEN RAISE EXCEPTION 'LAW 8: a number in the record cannot be changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER noark_item_8 BEFORE INSERT OR UPDATE OR DELETE ON noark_item FOR EACH ROW EXECUTE FUNCTION noark_law8();
-- both:
