-- A letter or an e-mail that came in and waits to be registered; afterwards the bare trace of where it went, so that a
-- button pressed twice registers once (law 1).
CREATE TABLE post (
    id int PRIMARY KEY, -- random
    version int NOT NULL, -- grows with every change (law 2)
    once int NOT NULL UNIQUE, -- made with the page that was sent: pressed twice is put once
    unit_id int NOT NULL REFERENCES unit (id), -- who has it
    channel int NOT NULL CHECK (channel IN (4, 5)), -- enum channel: letter, e-mail
    state int NOT NULL CHECK (state IN (1, 2)), -- 1 waits, 2 registered
    sender text NOT NULL, -- name in the e-mail; empty after registration, as all that follows
    address text NOT NULL, -- its e-mail address
    subject text NOT NULL, -- what it says it is about
    words text NOT NULL, -- its text
    note text NOT NULL, -- why another unit passed it on
    sent_us int, -- when the e-mail says it was sent
    put_us int NOT NULL, -- when it was put here
    put_by int NOT NULL REFERENCES employee (id), -- by whom
    registered_us int, -- when it was registered
    registered_by int REFERENCES employee (id), -- by whom
    casefile_id int, -- in which case file
    CHECK (state = 1 OR (casefile_id IS NOT NULL AND sender = '' AND address = '' AND subject = '' AND words = '' AND note = ''))
);
CREATE INDEX post_unit ON post (unit_id, put_us) WHERE state = 1;

-- The files of what waits, as they came; the record has them afterwards.
CREATE TABLE post_file (
    post_id int NOT NULL REFERENCES post (id), -- of which
    number int NOT NULL, -- 1, 2 …
    name text NOT NULL, -- as shown, with the ending that belongs to the content
    mime text NOT NULL, -- told by the content
    hash blob NOT NULL, -- its bytes in files/
    size int NOT NULL, -- bytes
    PRIMARY KEY (post_id, number)
) WITHOUT ROWID;

-- sqlite:
CREATE TRIGGER post_1 BEFORE UPDATE ON post WHEN OLD.state = 2 BEGIN SELECT RAISE(ABORT, 'LAW 1: this post has been registered'); END;
CREATE TRIGGER post_1d BEFORE DELETE ON post WHEN OLD.state = 2 BEGIN SELECT RAISE(ABORT, 'LAW 1: this post has been registered'); END;
CREATE TRIGGER post_2 BEFORE UPDATE ON post WHEN NEW.version <= OLD.version BEGIN SELECT RAISE(ABORT, 'LAW 2: a change of post raises its version'); END;

-- postgres:
CREATE FUNCTION post_laws() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.state = 2 THEN RAISE EXCEPTION 'LAW 1: this post has been registered'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.version <= OLD.version THEN RAISE EXCEPTION 'LAW 2: a change of post raises its version'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER post_laws BEFORE UPDATE OR DELETE ON post FOR EACH ROW EXECUTE FUNCTION post_laws();
-- both:
