-- Law 10: what belongs to a case file can be erased only when its record has been disposed of (record/migrations/0002).
-- sqlite:
CREATE TRIGGER casefile_10d BEFORE DELETE ON casefile WHEN NOT EXISTS (SELECT 1 FROM record_casefile r WHERE r.id = OLD.record_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 10: a case file is erased by its retention rule alone'); END;
CREATE TRIGGER casefile_question_10d BEFORE DELETE ON casefile_question WHEN NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 10: a question is erased by the retention rule alone'); END;
DROP TRIGGER casefile_event_d;
CREATE TRIGGER casefile_event_d BEFORE DELETE ON casefile_event WHEN NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: the timeline is only added to'); END;
DROP TRIGGER casefile_line_d;
CREATE TRIGGER casefile_line_d BEFORE DELETE ON casefile_line WHEN NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 3: what was applied for cannot be changed'); END;
DROP TRIGGER casefile_contact_d;
CREATE TRIGGER casefile_contact_d BEFORE DELETE ON casefile_contact WHEN NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 3: a recorded call or hearing cannot be taken away'); END;
DROP TRIGGER casefile_hold_d;
CREATE TRIGGER casefile_hold_d BEFORE DELETE ON casefile_hold WHEN NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 5: a hold is released, not taken away'); END;

-- postgres:
CREATE FUNCTION casefile_law10() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM record_casefile r WHERE r.id = OLD.record_id AND r.disposal_id IS NOT NULL) THEN RAISE EXCEPTION 'LAW 10: a case file is erased by its retention rule alone'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER casefile_10d BEFORE DELETE ON casefile FOR EACH ROW EXECUTE FUNCTION casefile_law10();
CREATE OR REPLACE FUNCTION casefile_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) THEN RETURN OLD; END IF;
    END IF;
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;
CREATE TRIGGER casefile_question_10d BEFORE DELETE ON casefile_question FOR EACH ROW EXECUTE FUNCTION casefile_append_only('LAW 10: a question is erased by the retention rule alone');
-- both:
