-- What a mandate lets one do, what it rests on and, when it came on paper, who registered it.
ALTER TABLE mandate ADD COLUMN act int NOT NULL DEFAULT 1 CHECK (act IN (0, 1)); -- 1: to read and to act, 0: to read alone
ALTER TABLE mandate ADD COLUMN basis int NOT NULL DEFAULT 1 CHECK (basis BETWEEN 1 AND 5); -- enum party_basis: 1 given by oneself, 2 on paper, 3 confirmed by an employee, 4 custody, 5 the register of organisations
ALTER TABLE mandate ADD COLUMN registered_by int REFERENCES employee (id); -- employee who registered it; none: nobody
ALTER TABLE mandate ADD COLUMN purpose text NOT NULL DEFAULT ''; -- why, as that employee stated it
ALTER TABLE mandate ADD COLUMN document blob; -- SHA-256 of the paper it rests on; none: there is none
ALTER TABLE mandate ADD COLUMN document_bytes int NOT NULL DEFAULT 0; -- its size
ALTER TABLE mandate ADD COLUMN document_mime text NOT NULL DEFAULT ''; -- what it is, by its content

-- A mandate that somebody offers to a person they name: it binds nobody, and says nothing, until that person has said yes.
CREATE TABLE mandate_offer (
    id int PRIMARY KEY, -- random
    giver_id int NOT NULL REFERENCES party (id), -- whose matters
    holder_hash blob NOT NULL, -- keyed hash of the identity number that was typed; the number itself is not kept
    holder_name text NOT NULL, -- the name that was typed: who has that number must be called so to see the offer
    scope text NOT NULL, -- as in mandate
    act int NOT NULL CHECK (act IN (0, 1)), -- as in mandate
    until_us int NOT NULL, -- the mandate's end, not including
    offered_us int NOT NULL, -- when
    expires_us int NOT NULL, -- nobody can say yes from then on
    answer int NOT NULL CHECK (answer BETWEEN 0 AND 3), -- 0 none yet, 1 yes, 2 no, 3 taken back
    answered_us int, -- when
    CHECK ((answer = 0) = (answered_us IS NULL))
);
CREATE INDEX mandate_offer_giver ON mandate_offer (giver_id);
CREATE INDEX mandate_offer_holder ON mandate_offer (holder_hash);

-- What a person is told of mandates: on my page, with an e-mail that there is news; on paper for those reserved from digital
-- post (law 6).
CREATE TABLE mandate_message (
    id int PRIMARY KEY, -- random
    party_id int NOT NULL REFERENCES party (id), -- who is told
    kind int NOT NULL CHECK (kind BETWEEN 1 AND 6), -- enum party_mandate_news
    other text NOT NULL, -- the name of the other side
    scope text NOT NULL, -- as in mandate
    act int NOT NULL, -- as in mandate
    until_us int, -- as in mandate
    at_us int NOT NULL, -- when it happened
    seen_us int, -- when it was seen on my page
    paper int NOT NULL CHECK (paper IN (0, 1)), -- 1: goes by post
    posted_us int, -- when it was given to the post
    posted_by int REFERENCES employee (id) -- by whom
);
CREATE INDEX mandate_message_party ON mandate_message (party_id, at_us);
CREATE INDEX mandate_message_paper ON mandate_message (at_us) WHERE paper = 1 AND posted_us IS NULL;

-- Law 7: a mandate is what it was when it was given. It ends; it never grows and never comes back. What a register says may
-- get another end. One on paper is registered by an employee of the counter who has the giver (of an organisation: the
-- holder) before them, with the document and a purpose, and never by one of the two.
-- sqlite:
CREATE TRIGGER mandate_7i BEFORE INSERT ON mandate WHEN (NEW.basis IN (2, 3)) <> (NEW.registered_by IS NOT NULL) OR NEW.giver_id = NEW.holder_id OR (NEW.basis IN (2, 3) AND (NEW.document IS NULL OR length(NEW.purpose) < 10 OR NOT EXISTS (SELECT 1 FROM counter_stay s JOIN employee e ON e.id = s.employee_id WHERE s.employee_id = NEW.registered_by AND s.party_id = CASE NEW.basis WHEN 2 THEN NEW.giver_id ELSE NEW.holder_id END AND s.ends_us > NEW.given_us AND (e.party_id IS NULL OR e.party_id NOT IN (NEW.giver_id, NEW.holder_id))))) BEGIN SELECT RAISE(ABORT, 'LAW 7: a mandate on paper is registered with its document while the person is open at the counter'); END;
CREATE TRIGGER mandate_7u BEFORE UPDATE ON mandate WHEN OLD.withdrawn_us IS NOT NULL OR NEW.id <> OLD.id OR NEW.giver_id <> OLD.giver_id OR NEW.holder_id <> OLD.holder_id OR NEW.scope <> OLD.scope OR NEW.act <> OLD.act OR NEW.basis <> OLD.basis OR NEW.from_us <> OLD.from_us OR NEW.given_us <> OLD.given_us OR NEW.registered_by IS NOT OLD.registered_by OR NEW.document IS NOT OLD.document OR (NEW.until_us IS NOT OLD.until_us AND OLD.basis NOT IN (4, 5)) BEGIN SELECT RAISE(ABORT, 'LAW 7: a mandate ends, and is not changed'); END;
CREATE TRIGGER mandate_offer_7 BEFORE UPDATE ON mandate_offer WHEN OLD.answer <> 0 OR NEW.giver_id <> OLD.giver_id OR NEW.holder_hash <> OLD.holder_hash OR NEW.holder_name <> OLD.holder_name OR NEW.scope <> OLD.scope OR NEW.act <> OLD.act OR NEW.until_us <> OLD.until_us OR NEW.expires_us <> OLD.expires_us BEGIN SELECT RAISE(ABORT, 'LAW 7: an offer is answered once, and not changed'); END;
-- postgres:
CREATE FUNCTION mandate_7() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (NEW.basis IN (2, 3)) <> (NEW.registered_by IS NOT NULL) OR NEW.giver_id = NEW.holder_id OR (NEW.basis IN (2, 3) AND (NEW.document IS NULL OR length(NEW.purpose) < 10 OR NOT EXISTS (SELECT 1 FROM counter_stay s JOIN employee e ON e.id = s.employee_id WHERE s.employee_id = NEW.registered_by AND s.party_id = CASE NEW.basis WHEN 2 THEN NEW.giver_id ELSE NEW.holder_id END AND s.ends_us > NEW.given_us AND (e.party_id IS NULL OR e.party_id NOT IN (NEW.giver_id, NEW.holder_id))))) THEN
            RAISE EXCEPTION 'LAW 7: a mandate on paper is registered with its document while the person is open at the counter'; END IF;
    ELSIF OLD.withdrawn_us IS NOT NULL OR NEW.id <> OLD.id OR NEW.giver_id <> OLD.giver_id OR NEW.holder_id <> OLD.holder_id OR NEW.scope <> OLD.scope OR NEW.act <> OLD.act OR NEW.basis <> OLD.basis OR NEW.from_us <> OLD.from_us OR NEW.given_us <> OLD.given_us OR NEW.registered_by IS DISTINCT FROM OLD.registered_by OR NEW.document IS DISTINCT FROM OLD.document OR (NEW.until_us IS DISTINCT FROM OLD.until_us AND OLD.basis NOT IN (4, 5)) THEN
        RAISE EXCEPTION 'LAW 7: a mandate ends, and is not changed'; END IF;
    RETURN NEW; END $$;
CREATE TRIGGER mandate_7 BEFORE INSERT OR UPDATE ON mandate FOR EACH ROW EXECUTE FUNCTION mandate_7();
CREATE FUNCTION mandate_offer_7() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.answer <> 0 OR NEW.giver_id <> OLD.giver_id OR NEW.holder_hash <> OLD.holder_hash OR NEW.holder_name <> OLD.holder_name OR NEW.scope <> OLD.scope OR NEW.act <> OLD.act OR NEW.until_us <> OLD.until_us OR NEW.expires_us <> OLD.expires_us THEN
        RAISE EXCEPTION 'LAW 7: an offer is answered once, and not changed'; END IF;
    RETURN NEW; END $$;
CREATE TRIGGER mandate_offer_7 BEFORE UPDATE ON mandate_offer FOR EACH ROW EXECUTE FUNCTION mandate_offer_7();
