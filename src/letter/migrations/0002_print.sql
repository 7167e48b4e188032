-- Paper: the day a letter was given to the post. Arrival, and with it the appeal, is counted from here (law 5).
ALTER TABLE letter ADD COLUMN posted_day int; -- days since 1970-01-01; none: digital, or not posted yet

-- Paper letters that were printed together.
CREATE TABLE letter_batch (
    id int PRIMARY KEY, -- random
    employee_id int NOT NULL REFERENCES employee (id), -- who made it
    unit_id int NOT NULL REFERENCES unit (id), -- for which unit
    made_us int NOT NULL -- when
);

-- What is in a batch. A letter is in one batch alone: printing the batch again neither doubles nor loses it.
CREATE TABLE letter_batch_item (
    batch_id int NOT NULL REFERENCES letter_batch (id), -- which batch
    number int NOT NULL, -- 1, 2 … in the order of printing
    letter_id int NOT NULL UNIQUE REFERENCES letter (id) ON DELETE CASCADE, -- which letter
    PRIMARY KEY (batch_id, number)
);

-- sqlite:
CREATE TRIGGER letter_5 BEFORE UPDATE ON letter WHEN NEW.state = 4 AND OLD.state <> 4 AND (NEW.posted_day IS NULL OR NEW.arrived_us + 43200000000 < NEW.posted_day * 86400000000) BEGIN SELECT RAISE(ABORT, 'LAW 5: a letter on paper arrives after the day it was posted'); END;
CREATE TRIGGER letter_8p BEFORE UPDATE ON letter WHEN OLD.state = 4 AND NEW.posted_day IS NOT OLD.posted_day BEGIN SELECT RAISE(ABORT, 'LAW 8: a letter that has left cannot be changed'); END;
CREATE TRIGGER letter_batch_item_i BEFORE INSERT ON letter_batch_item WHEN NOT EXISTS (SELECT 1 FROM letter l WHERE l.id = NEW.letter_id AND l.state = 3) BEGIN SELECT RAISE(ABORT, 'LAW 5: only a letter that waits for printing is printed'); END;
CREATE TRIGGER letter_batch_item_u BEFORE UPDATE ON letter_batch_item BEGIN SELECT RAISE(ABORT, 'LAW 8: a batch that was printed cannot be changed'); END;
-- postgres:
CREATE FUNCTION letter_post_laws() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.state = 4 AND OLD.state <> 4 AND (NEW.posted_day IS NULL OR NEW.arrived_us + 43200000000 < NEW.posted_day * 86400000000) THEN RAISE EXCEPTION 'LAW 5: a letter on paper arrives after the day it was posted'; END IF;
    IF OLD.state = 4 AND NEW.posted_day IS DISTINCT FROM OLD.posted_day THEN RAISE EXCEPTION 'LAW 8: a letter that has left cannot be changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_post_laws BEFORE UPDATE ON letter FOR EACH ROW EXECUTE FUNCTION letter_post_laws();
CREATE FUNCTION letter_batch_laws() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION 'LAW 8: a batch that was printed cannot be changed'; END IF;
    IF NOT EXISTS (SELECT 1 FROM letter l WHERE l.id = NEW.letter_id AND l.state = 3) THEN RAISE EXCEPTION 'LAW 5: only a letter that waits for printing is printed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_batch_laws BEFORE INSERT OR UPDATE ON letter_batch_item FOR EACH ROW EXECUTE FUNCTION letter_batch_laws();
-- both:
