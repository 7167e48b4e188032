-- Law 8 for what is moved: whatever is closed or finished takes nothing more, and what is finished gives nothing away. (What is
-- finished itself stays where it is by the law of 0001; a closed folder may lie in an arkivdel whose period has ended.)
-- sqlite:
CREATE TRIGGER noark_item_8m BEFORE UPDATE OF parent_id ON noark_item WHEN NEW.parent_id IS NOT OLD.parent_id AND EXISTS (SELECT 1 FROM noark_item p WHERE p.id IN (OLD.parent_id, NEW.parent_id) AND (p.final = 1 OR (p.id = NEW.parent_id AND p.finished_us IS NOT NULL AND NEW.finished_us IS NULL))) BEGIN SELECT RAISE(ABORT, 'LAW 8: what is closed or finished takes nothing more, and what is finished gives nothing away'); END;
-- postgres:
CREATE FUNCTION noark_law8_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.parent_id IS DISTINCT FROM OLD.parent_id AND EXISTS (SELECT 1 FROM noark_item p WHERE p.id IN (OLD.parent_id, NEW.parent_id) AND (p.final = 1 OR (p.id = NEW.parent_id AND p.finished_us IS NOT NULL AND NEW.finished_us IS NULL))) THEN RAISE EXCEPTION 'LAW 8: what is closed or finished takes nothing more, and what is finished gives nothing away'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER noark_item_8m BEFORE UPDATE OF parent_id ON noark_item FOR EACH ROW EXECUTE FUNCTION noark_law8_move();
-- both:
