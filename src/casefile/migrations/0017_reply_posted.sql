-- Law 5: a reply by letter has not arrived when it was given, but postal days after an employee put it in the post.
ALTER TABLE casefile_reply ADD COLUMN posted_day int; -- of a letter: the day it was posted; none: not yet, or given before this was kept

-- sqlite:
CREATE TRIGGER casefile_reply_5i BEFORE INSERT ON casefile_reply WHEN NEW.arrived_us IS NOT NULL OR NEW.posted_day IS NOT NULL BEGIN SELECT RAISE(ABORT, 'LAW 5: a reply arrives after it was given'); END;
CREATE TRIGGER casefile_reply_5u BEFORE UPDATE ON casefile_reply WHEN NEW.way = 3 AND NEW.arrived_us IS NOT NULL AND OLD.arrived_us IS NULL AND (NEW.posted_day IS NULL OR NEW.arrived_us + 43200000000 < NEW.posted_day * 86400000000) BEGIN SELECT RAISE(ABORT, 'LAW 5: a reply on paper arrives after the day it was posted'); END;
-- postgres:
CREATE FUNCTION casefile_reply_law5() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.arrived_us IS NOT NULL OR NEW.posted_day IS NOT NULL THEN RAISE EXCEPTION 'LAW 5: a reply arrives after it was given'; END IF; RETURN NEW;
    END IF;
    IF NEW.way = 3 AND NEW.arrived_us IS NOT NULL AND OLD.arrived_us IS NULL AND (NEW.posted_day IS NULL OR NEW.arrived_us + 43200000000 < NEW.posted_day * 86400000000) THEN RAISE EXCEPTION 'LAW 5: a reply on paper arrives after the day it was posted'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casefile_reply_law5 BEFORE INSERT OR UPDATE ON casefile_reply FOR EACH ROW EXECUTE FUNCTION casefile_reply_law5();
