-- A letter to the party of a case file, from its draft to its arrival.
CREATE TABLE letter (
    id int PRIMARY KEY, -- random
    casefile_id int NOT NULL REFERENCES casefile (id), -- in which case
    party_id int NOT NULL REFERENCES party (id), -- to whom
    decision_id int REFERENCES decision (id), -- which decision it tells; none: no decision
    registration_id int REFERENCES record_registration (id), -- in the record, once it has left
    version int NOT NULL, -- grows with every change (law 2)
    state int NOT NULL, -- 0 draft, 1 queued, 2 delivered, 3 to print, 4 posted, 5 failed, 6 recalled
    channel int NOT NULL, -- 0 not yet left, 1 digital, 2 paper
    lang int NOT NULL, -- enum lang it is written in
    template_key text NOT NULL, -- template of the service folder; empty: none
    title text NOT NULL, -- as the caseworker wrote it, with placeholders
    markdown text NOT NULL, -- as the caseworker wrote it, with placeholders
    sent_title text NOT NULL, -- filled; empty in a draft
    sent_markdown text NOT NULL, -- filled: what the PDF is made of; empty in a draft
    score int NOT NULL, -- plain-language score when it was sent, 0 to 100
    grade text NOT NULL, -- A to D; empty in a draft
    adverse int NOT NULL, -- 1: tells a decision below what was applied for
    has_reasons int NOT NULL, -- law 4: it says why
    has_legal_basis int NOT NULL, -- law 4: it names the rules
    has_appeal int NOT NULL, -- law 4: it says how to appeal
    has_contact int NOT NULL, -- law 4: it says whom to ask
    employee_id int REFERENCES employee (id), -- who wrote or sent it
    author text NOT NULL, -- that person's name at the time
    created_us int NOT NULL, -- when the draft was begun
    queued_us int, -- when it was sent by the caseworker
    send_after_us int, -- it can be recalled until then
    dispatched_us int, -- when it left the house or became available
    arrived_us int, -- when it arrived: the appeal runs from here (law 5)
    read_us int, -- when the party first opened it
    appeal_deadline int, -- last day to appeal, days since 1970-01-01
    pdf_hash text NOT NULL, -- SHA-256 of the PDF in hex; empty until made
    pdf_bytes int NOT NULL, -- its size
    fail_detail text NOT NULL, -- why it could not be made or delivered
    CONSTRAINT law_4_letter CHECK (adverse = 0 OR state IN (0, 6) OR (has_reasons = 1 AND has_legal_basis = 1 AND has_appeal = 1 AND has_contact = 1)),
    CONSTRAINT law_5_letter CHECK (appeal_deadline IS NULL OR arrived_us IS NOT NULL),
    CONSTRAINT law_5_letter_failed CHECK (state <> 5 OR arrived_us IS NULL),
    CHECK (state NOT IN (2, 4) OR arrived_us IS NOT NULL),
    CHECK (state NOT IN (2, 3, 4) OR (registration_id IS NOT NULL AND pdf_hash <> '' AND channel <> 0)),
    CHECK (state IN (0, 6) OR (sent_title <> '' AND queued_us IS NOT NULL))
);
CREATE INDEX letter_casefile ON letter (casefile_id, created_us);
CREATE INDEX letter_party ON letter (party_id, arrived_us);
CREATE INDEX letter_state ON letter (state, dispatched_us);

-- What goes with a letter.
CREATE TABLE letter_attachment (
    id int PRIMARY KEY, -- random
    letter_id int NOT NULL REFERENCES letter (id), -- with which
    number int NOT NULL, -- 1, 2 …
    name text NOT NULL, -- file name as the reader sees it
    mime text NOT NULL, -- what it is
    file blob NOT NULL, -- SHA-256 of its bytes
    bytes int NOT NULL, -- its size
    UNIQUE (letter_id, number)
);

-- Laws of letters in the store, whoever writes.
-- sqlite:
CREATE TRIGGER letter_i BEFORE INSERT ON letter WHEN NEW.state <> 0 BEGIN SELECT RAISE(ABORT, 'LAW 4: a letter begins as a draft'); END;
CREATE TRIGGER letter_3 BEFORE UPDATE ON letter WHEN NEW.state NOT IN (0, 6) AND NEW.decision_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.casefile_id = NEW.casefile_id AND d.state = 2) BEGIN SELECT RAISE(ABORT, 'LAW 3: the decision is not final'); END;
CREATE TRIGGER letter_4 BEFORE UPDATE ON letter WHEN NEW.state NOT IN (0, 6) AND NEW.adverse = 0 AND EXISTS (SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.adverse = 1) BEGIN SELECT RAISE(ABORT, 'LAW 4: the decision is adverse, so its letter is'); END;
CREATE TRIGGER letter_6 BEFORE UPDATE ON letter WHEN NEW.state = 2 AND OLD.state <> 2 AND EXISTS (SELECT 1 FROM party p WHERE p.id = NEW.party_id AND p.reserved = 1) BEGIN SELECT RAISE(ABORT, 'LAW 6: a person reserved from digital post gets paper'); END;
CREATE TRIGGER letter_8 BEFORE UPDATE ON letter WHEN OLD.state IN (2, 3, 4) AND (NEW.state IN (0, 1, 5, 6) OR NEW.sent_title <> OLD.sent_title OR NEW.sent_markdown <> OLD.sent_markdown OR NEW.pdf_hash <> OLD.pdf_hash OR NEW.registration_id <> OLD.registration_id OR NEW.channel <> OLD.channel OR NEW.party_id <> OLD.party_id OR NEW.casefile_id <> OLD.casefile_id OR (OLD.arrived_us IS NOT NULL AND (NEW.arrived_us IS NULL OR NEW.arrived_us <> OLD.arrived_us))) BEGIN SELECT RAISE(ABORT, 'LAW 8: a letter that has left cannot be changed'); END;
CREATE TRIGGER letter_d BEFORE DELETE ON letter WHEN OLD.state NOT IN (0, 6) BEGIN SELECT RAISE(ABORT, 'LAW 8: only a draft can be deleted'); END;
CREATE TRIGGER letter_attachment_i BEFORE INSERT ON letter_attachment WHEN EXISTS (SELECT 1 FROM letter l WHERE l.id = NEW.letter_id AND l.state NOT IN (0, 6)) BEGIN SELECT RAISE(ABORT, 'LAW 8: the letter is no draft'); END;
CREATE TRIGGER letter_attachment_u BEFORE UPDATE ON letter_attachment BEGIN SELECT RAISE(ABORT, 'LAW 8: an attachment is not changed'); END;
CREATE TRIGGER letter_attachment_d BEFORE DELETE ON letter_attachment WHEN EXISTS (SELECT 1 FROM letter l WHERE l.id = OLD.letter_id AND l.state NOT IN (0, 6)) BEGIN SELECT RAISE(ABORT, 'LAW 8: the letter is no draft'); END;
-- postgres:
CREATE FUNCTION letter_laws() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 0 THEN RAISE EXCEPTION 'LAW 4: a letter begins as a draft'; END IF; RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.state NOT IN (0, 6) THEN RAISE EXCEPTION 'LAW 8: only a draft can be deleted'; END IF; RETURN OLD;
    END IF;
    IF NEW.state NOT IN (0, 6) AND NEW.decision_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.casefile_id = NEW.casefile_id AND d.state = 2) THEN RAISE EXCEPTION 'LAW 3: the decision is not final'; END IF;
    IF NEW.state NOT IN (0, 6) AND NEW.adverse = 0 AND EXISTS (SELECT 1 FROM decision d WHERE d.id = NEW.decision_id AND d.adverse = 1) THEN RAISE EXCEPTION 'LAW 4: the decision is adverse, so its letter is'; END IF;
    IF NEW.state = 2 AND OLD.state <> 2 AND EXISTS (SELECT 1 FROM party p WHERE p.id = NEW.party_id AND p.reserved = 1) THEN RAISE EXCEPTION 'LAW 6: a person reserved from digital post gets paper'; END IF;
    IF OLD.state IN (2, 3, 4) AND (NEW.state IN (0, 1, 5, 6) OR NEW.sent_title <> OLD.sent_title OR NEW.sent_markdown <> OLD.sent_markdown OR NEW.pdf_hash <> OLD.pdf_hash OR NEW.registration_id <> OLD.registration_id OR NEW.channel <> OLD.channel OR NEW.party_id <> OLD.party_id OR NEW.casefile_id <> OLD.casefile_id OR (OLD.arrived_us IS NOT NULL AND (NEW.arrived_us IS NULL OR NEW.arrived_us <> OLD.arrived_us))) THEN RAISE EXCEPTION 'LAW 8: a letter that has left cannot be changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_laws BEFORE INSERT OR UPDATE OR DELETE ON letter FOR EACH ROW EXECUTE FUNCTION letter_laws();
CREATE FUNCTION letter_attachment_laws() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE of_letter bigint; BEGIN
    IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION 'LAW 8: an attachment is not changed'; END IF;
    IF TG_OP = 'INSERT' THEN of_letter := NEW.letter_id; ELSE of_letter := OLD.letter_id; END IF;
    IF EXISTS (SELECT 1 FROM letter l WHERE l.id = of_letter AND l.state NOT IN (0, 6)) THEN RAISE EXCEPTION 'LAW 8: the letter is no draft'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;
END $$;
CREATE TRIGGER letter_attachment_laws BEFORE INSERT OR UPDATE OR DELETE ON letter_attachment FOR EACH ROW EXECUTE FUNCTION letter_attachment_laws();
-- both:
