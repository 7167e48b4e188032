-- Law 10: a letter that has left can be erased when the record of its case file has been disposed of (record/migrations/0002).
-- sqlite:
DROP TRIGGER letter_d;
CREATE TRIGGER letter_d BEFORE DELETE ON letter WHEN OLD.state NOT IN (0, 6) AND NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: only a draft can be deleted'); END;
DROP TRIGGER letter_attachment_d;
CREATE TRIGGER letter_attachment_d BEFORE DELETE ON letter_attachment WHEN EXISTS (SELECT 1 FROM letter l JOIN casefile c ON c.id = l.casefile_id JOIN record_casefile r ON r.id = c.record_id WHERE l.id = OLD.letter_id AND l.state NOT IN (0, 6) AND r.disposal_id IS NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: the letter is no draft'); END;

-- postgres:
CREATE FUNCTION letter_law10() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.state NOT IN (0, 6) AND NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) THEN RAISE EXCEPTION 'LAW 8: only a draft can be deleted'; END IF;
    RETURN OLD;
END $$;
CREATE FUNCTION letter_attachment_law10() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM letter l JOIN casefile c ON c.id = l.casefile_id JOIN record_casefile r ON r.id = c.record_id WHERE l.id = OLD.letter_id AND l.state NOT IN (0, 6) AND r.disposal_id IS NULL) THEN RAISE EXCEPTION 'LAW 8: the letter is no draft'; END IF;
    RETURN OLD;
END $$;
DROP TRIGGER letter_laws ON letter;
CREATE TRIGGER letter_laws BEFORE INSERT OR UPDATE ON letter FOR EACH ROW EXECUTE FUNCTION letter_laws();
CREATE TRIGGER letter_10d BEFORE DELETE ON letter FOR EACH ROW EXECUTE FUNCTION letter_law10();
DROP TRIGGER letter_attachment_laws ON letter_attachment;
CREATE TRIGGER letter_attachment_laws BEFORE INSERT OR UPDATE ON letter_attachment FOR EACH ROW EXECUTE FUNCTION letter_attachment_laws();
CREATE TRIGGER letter_attachment_10d BEFORE DELETE ON letter_attachment FOR EACH ROW EXECUTE FUNCTION letter_attachment_law10();
-- both:
