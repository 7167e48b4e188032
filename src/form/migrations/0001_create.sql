-- A form that is being filled in. Not a record: it is deleted when it is sent, or forgotten for as long as its service says.
CREATE TABLE form_draft (
    id int PRIMARY KEY, -- random; stands in addresses
    version_id int NOT NULL, -- service version it was begun under and is finished under
    service_key text NOT NULL, -- key of the service
    party_id int REFERENCES party (id), -- who fills in; none: anonymous
    session_id int, -- the browser of an anonymous one
    version int NOT NULL, -- grows by one with every change (law 2)
    lang int NOT NULL, -- enum lang it was last filled in
    page text NOT NULL, -- id of the page where it was left
    answers blob NOT NULL, -- sealed JSON: answers as typed, and the version at which each page was saved
    begun_us int NOT NULL, -- when it was begun
    changed_us int NOT NULL, -- when it was last changed
    expires_us int NOT NULL, -- when it is deleted if nobody changes it
    sent_us int, -- when it was sent; the row stays a while so that sending twice finds the first receipt
    CHECK (party_id IS NOT NULL OR session_id IS NOT NULL)
);
CREATE INDEX form_draft_party ON form_draft (party_id, changed_us) WHERE sent_us IS NULL;
CREATE INDEX form_draft_session ON form_draft (session_id, changed_us) WHERE sent_us IS NULL;
CREATE INDEX form_draft_expires ON form_draft (expires_us);

-- A file that was attached to a draft. Its bytes are in the document store.
CREATE TABLE form_upload (
    id int PRIMARY KEY, -- random
    draft_id int NOT NULL REFERENCES form_draft (id), -- of which draft
    number int NOT NULL, -- 1, 2 … in the order they were attached
    field text NOT NULL, -- id of the field it answers
    name text NOT NULL, -- as the citizen called it
    mime text NOT NULL, -- what it is by its content
    hash blob NOT NULL, -- SHA-256 of the content: its name in the document store
    size int NOT NULL, -- bytes
    added_us int NOT NULL -- when it was attached
);
CREATE INDEX form_upload_draft ON form_upload (draft_id, number);

-- sqlite:
CREATE TRIGGER form_draft_2 BEFORE UPDATE ON form_draft WHEN NEW.version <> OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'LAW 2: a draft changes one version at a time'); END;
CREATE TRIGGER form_draft_1 BEFORE UPDATE ON form_draft WHEN OLD.sent_us IS NOT NULL BEGIN SELECT RAISE(ABORT, 'LAW 1: a draft that was sent cannot be changed'); END;
-- postgres:
CREATE FUNCTION form_draft_laws() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.sent_us IS NOT NULL THEN RAISE EXCEPTION 'LAW 1: a draft that was sent cannot be changed'; END IF;
    IF NEW.version <> OLD.version + 1 THEN RAISE EXCEPTION 'LAW 2: a draft changes one version at a time'; END IF;
    RETURN NEW; END $$;
CREATE TRIGGER form_draft_laws BEFORE UPDATE ON form_draft FOR EACH ROW EXECUTE FUNCTION form_draft_laws();
