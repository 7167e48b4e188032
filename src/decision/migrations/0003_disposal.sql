-- Law 10: a final decision can be erased when the record of its case file has been disposed of (record/migrations/0002).
-- sqlite:
DROP TRIGGER decision_d;
CREATE TRIGGER decision_d BEFORE DELETE ON decision WHEN OLD.state = 2 AND NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: a final decision cannot be taken away'); END;
DROP TRIGGER decision_line_d;
CREATE TRIGGER decision_line_d BEFORE DELETE ON decision_line WHEN (SELECT d.state FROM decision d WHERE d.id = OLD.decision_id) <> 1 AND NOT EXISTS (SELECT 1 FROM decision d JOIN casefile c ON c.id = d.casefile_id JOIN record_casefile r ON r.id = c.record_id WHERE d.id = OLD.decision_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: a final decision cannot be changed'); END;

DROP TRIGGER decision_ruling_d;
CREATE TRIGGER decision_ruling_d BEFORE DELETE ON decision_ruling WHEN NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: what the rules said cannot be taken away'); END;
DROP TRIGGER decision_fact_d;
CREATE TRIGGER decision_fact_d BEFORE DELETE ON decision_fact WHEN NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'LAW 8: what the rules looked at cannot be taken away'); END;

-- postgres:
CREATE FUNCTION decision_law10() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.state = 2 AND NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) THEN RAISE EXCEPTION 'LAW 8: a final decision cannot be taken away'; END IF;
    RETURN OLD;
END $$;
CREATE FUNCTION decision_line_law10() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM decision d JOIN casefile c ON c.id = d.casefile_id JOIN record_casefile r ON r.id = c.record_id WHERE d.id = OLD.decision_id AND d.state <> 1 AND r.disposal_id IS NULL) THEN RAISE EXCEPTION 'LAW 8: a final decision cannot be changed'; END IF;
    RETURN OLD;
END $$;
CREATE FUNCTION decision_ruling_law10() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM casefile c JOIN record_casefile r ON r.id = c.record_id WHERE c.id = OLD.casefile_id AND r.disposal_id IS NOT NULL) THEN RAISE EXCEPTION 'LAW 8: what the rules said or looked at cannot be taken away'; END IF;
    RETURN OLD;
END $$;
DROP TRIGGER decision_ruling_laws ON decision_ruling;
CREATE TRIGGER decision_ruling_laws BEFORE UPDATE ON decision_ruling FOR EACH ROW EXECUTE FUNCTION decision_ruling_laws();
CREATE TRIGGER decision_ruling_10d BEFORE DELETE ON decision_ruling FOR EACH ROW EXECUTE FUNCTION decision_ruling_law10();
DROP TRIGGER decision_fact_laws ON decision_fact;
CREATE TRIGGER decision_fact_laws BEFORE INSERT OR UPDATE ON decision_fact FOR EACH ROW EXECUTE FUNCTION decision_ruling_laws();
CREATE TRIGGER decision_fact_10d BEFORE DELETE ON decision_fact FOR EACH ROW EXECUTE FUNCTION decision_ruling_law10();
DROP TRIGGER decision_laws ON decision;
CREATE TRIGGER decision_laws BEFORE INSERT OR UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_laws();
CREATE TRIGGER decision_10d BEFORE DELETE ON decision FOR EACH ROW EXECUTE FUNCTION decision_law10();
DROP TRIGGER decision_line_laws ON decision_line;
CREATE TRIGGER decision_line_laws BEFORE INSERT OR UPDATE ON decision_line FOR EACH ROW EXECUTE FUNCTION decision_line_laws();
CREATE TRIGGER decision_line_10d BEFORE DELETE ON decision_line FOR EACH ROW EXECUTE FUNCTION decision_line_law10();
-- both:
