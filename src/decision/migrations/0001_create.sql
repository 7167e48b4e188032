-- A decision on a case file, by a person or by a version of rules.
CREATE TABLE decision (
    id int PRIMARY KEY, -- random
    casefile_id int NOT NULL REFERENCES casefile (id), -- of which case
    version int NOT NULL, -- grows with every change (law 2)
    state int NOT NULL, -- 1 draft, 2 final, 3 discarded
    employee_id int REFERENCES employee (id), -- who decided, when a person
    rule_version_id int, -- what decided, when rules
    outcome int NOT NULL, -- enum decision_outcome over all lines; 0 in a draft
    adverse int NOT NULL, -- 1: any line below what was applied for
    created_us int NOT NULL, -- when the draft was begun
    final_us int, -- when it became final
    receipt text NOT NULL, -- JSON: facts with source and time, what was heard, who decided; empty in a draft
    CHECK (state <> 2 OR final_us IS NOT NULL),
    CHECK (state <> 2 OR (employee_id IS NULL) <> (rule_version_id IS NULL))
);
CREATE INDEX decision_casefile ON decision (casefile_id, state, final_us);
CREATE UNIQUE INDEX decision_draft ON decision (casefile_id) WHERE state = 1;

-- One line of it.
CREATE TABLE decision_line (
    decision_id int NOT NULL REFERENCES decision (id), -- of which decision
    number int NOT NULL, -- 1, 2 …
    key text NOT NULL, -- what was applied for: key of casefile_line
    label text NOT NULL, -- in words
    outcome int NOT NULL CHECK (outcome IN (0, 1, 2, 3)), -- enum decision_outcome
    granted text NOT NULL, -- what was given instead, when it is less
    legal_basis text NOT NULL, -- by which rule
    reason text NOT NULL, -- why
    PRIMARY KEY (decision_id, number),
    UNIQUE (decision_id, key)
);

-- Law 3 in the store: what makes a decision final meets these, whoever asks.
-- sqlite:
CREATE TRIGGER decision_i BEFORE INSERT ON decision WHEN NEW.state <> 1 BEGIN SELECT RAISE(ABORT, 'LAW 3: a decision begins as a draft'); END;
CREATE TRIGGER decision_u BEFORE UPDATE ON decision WHEN OLD.state <> 1 BEGIN SELECT RAISE(ABORT, 'LAW 8: a final decision cannot be changed'); END;
CREATE TRIGGER decision_d BEFORE DELETE ON decision WHEN OLD.state = 2 BEGIN SELECT RAISE(ABORT, 'LAW 8: a final decision cannot be taken away'); END;
CREATE TRIGGER decision_c BEFORE UPDATE OF casefile_id ON decision WHEN NEW.casefile_id <> OLD.casefile_id BEGIN SELECT RAISE(ABORT, 'LAW 3: a decision stays with its case file'); END;
CREATE TRIGGER decision_f1 BEFORE UPDATE ON decision WHEN NEW.state = 2 AND (NOT EXISTS (SELECT 1 FROM decision_line l WHERE l.decision_id = NEW.id) OR EXISTS (SELECT 1 FROM decision_line l WHERE l.decision_id = NEW.id AND l.outcome = 0) OR EXISTS (SELECT 1 FROM casefile_line a WHERE a.casefile_id = NEW.casefile_id AND NOT EXISTS (SELECT 1 FROM decision_line l WHERE l.decision_id = NEW.id AND l.key = a.key))) BEGIN SELECT RAISE(ABORT, 'LAW 3: a line that was applied for has no outcome'); END;
CREATE TRIGGER decision_f2 BEFORE UPDATE ON decision WHEN NEW.state = 2 AND NEW.adverse <> (SELECT MAX(l.outcome <> 1) FROM decision_line l WHERE l.decision_id = NEW.id) BEGIN SELECT RAISE(ABORT, 'LAW 3: any line below what was applied for is adverse'); END;
CREATE TRIGGER decision_f3 BEFORE UPDATE ON decision WHEN NEW.state = 2 AND NEW.rule_version_id IS NOT NULL AND EXISTS (SELECT 1 FROM decision_line l WHERE l.decision_id = NEW.id AND l.outcome <> 1) BEGIN SELECT RAISE(ABORT, 'LAW 3: rules may grant, never refuse'); END;
CREATE TRIGGER decision_f4 BEFORE UPDATE ON decision WHEN NEW.state = 2 AND EXISTS (SELECT 1 FROM decision_line l WHERE l.decision_id = NEW.id AND l.outcome <> 1) AND NOT EXISTS (SELECT 1 FROM casefile_contact h WHERE h.casefile_id = NEW.casefile_id AND (h.kind = 3 OR (h.kind = 1 AND h.reached = 1) OR (h.kind = 2 AND (h.answered_us IS NOT NULL OR h.due_us <= NEW.final_us))) AND h.at_us >= COALESCE((SELECT MAX(o.final_us) FROM decision o WHERE o.casefile_id = NEW.casefile_id AND o.state = 2), 0)) BEGIN SELECT RAISE(ABORT, 'LAW 3: no call, hearing or exemption is recorded'); END;
CREATE TRIGGER decision_line_i BEFORE INSERT ON decision_line WHEN (SELECT d.state FROM decision d WHERE d.id = NEW.decision_id) <> 1 BEGIN SELECT RAISE(ABORT, 'LAW 8: a final decision cannot be changed'); END;
CREATE TRIGGER decision_line_u BEFORE UPDATE ON decision_line WHEN EXISTS (SELECT 1 FROM decision d WHERE d.id IN (OLD.decision_id, NEW.decision_id) AND d.state <> 1) BEGIN SELECT RAISE(ABORT, 'LAW 8: a final decision cannot be changed'); END;
CREATE TRIGGER decision_line_d BEFORE DELETE ON decision_line WHEN (SELECT d.state FROM decision d WHERE d.id = OLD.decision_id) <> 1 BEGIN SELECT RAISE(ABORT, 'LAW 8: a final decision cannot be changed'); END;

-- postgres:
CREATE FUNCTION decision_laws() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE below boolean; BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 1 THEN RAISE EXCEPTION 'LAW 3: a decision begins as a draft'; END IF; RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.state = 2 THEN RAISE EXCEPTION 'LAW 8: a final decision cannot be taken away'; END IF; RETURN OLD;
    END IF;
    IF OLD.state <> 1 THEN RAISE EXCEPTION 'LAW 8: a final decision cannot be changed'; END IF;
    IF NEW.casefile_id <> OLD.casefile_id THEN RAISE EXCEPTION 'LAW 3: a decision stays with its case file'; END IF;
    IF NEW.state <> 2 THEN RETURN NEW; END IF;
    SELECT bool_or(l.outcome <> 1) INTO below FROM decision_line l WHERE l.decision_id = NEW.id;
    IF below IS NULL OR EXISTS (SELECT 1 FROM decision_line l WHERE l.decision_id = NEW.id AND l.outcome = 0) OR EXISTS (SELECT 1 FROM casefile_line a WHERE a.casefile_id = NEW.casefile_id AND NOT EXISTS (SELECT 1 FROM decision_line l WHERE l.decision_id = NEW.id AND l.key = a.key)) THEN RAISE EXCEPTION 'LAW 3: a line that was applied for has no outcome'; END IF;
    IF (NEW.adverse = 1) <> below THEN RAISE EXCEPTION 'LAW 3: any line below what was applied for is adverse'; END IF;
    IF below AND NEW.rule_version_id IS NOT NULL THEN RAISE EXCEPTION 'LAW 3: rules may grant, never refuse'; END IF;
    IF below AND NOT EXISTS (SELECT 1 FROM casefile_contact h WHERE h.casefile_id = NEW.casefile_id AND (h.kind = 3 OR (h.kind = 1 AND h.reached = 1) OR (h.kind = 2 AND (h.answered_us IS NOT NULL OR h.due_us <= NEW.final_us))) AND h.at_us >= COALESCE((SELECT MAX(o.final_us) FROM decision o WHERE o.casefile_id = NEW.casefile_id AND o.state = 2), 0)) THEN RAISE EXCEPTION 'LAW 3: no call, hearing or exemption is recorded'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_laws BEFORE INSERT OR UPDATE OR DELETE ON decision FOR EACH ROW EXECUTE FUNCTION decision_laws();
CREATE FUNCTION decision_line_laws() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE old_id bigint; new_id bigint; BEGIN
    IF TG_OP <> 'INSERT' THEN old_id := OLD.decision_id; END IF;
    IF TG_OP <> 'DELETE' THEN new_id := NEW.decision_id; END IF;
    IF EXISTS (SELECT 1 FROM decision d WHERE d.id IN (old_id, new_id) AND d.state <> 1) THEN RAISE EXCEPTION 'LAW 8: a final decision cannot be changed'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;
END $$;
CREATE TRIGGER decision_line_laws BEFORE INSERT OR UPDATE OR DELETE ON decision_line FOR EACH ROW EXECUTE FUNCTION decision_line_laws();
-- both:
