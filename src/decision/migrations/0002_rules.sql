-- What the rules of a service said when it was applied for: one for each case file that had rules. Never changed.
CREATE TABLE decision_ruling (
    casefile_id int PRIMARY KEY REFERENCES casefile (id), -- of which case
    service_version_id int NOT NULL, -- whose rules
    file text NOT NULL, -- file of the rules in the service folder; empty: none were valid that day
    model text NOT NULL, -- SHA-256 of the model, hex; empty: none
    at_us int NOT NULL, -- when
    why int NOT NULL CHECK (why BETWEEN 0 AND 5), -- enum decision_why: 0 granted in full, else why a person decides
    about text NOT NULL, -- the input that was missing or old; else empty
    receipt text NOT NULL -- JSON: inputs with values and sources, rules that matched and nearly matched, sentences in each language
);

-- What they looked at.
CREATE TABLE decision_fact (
    casefile_id int NOT NULL REFERENCES decision_ruling (casefile_id), -- of which ruling
    number int NOT NULL, -- 1, 2 …
    input text NOT NULL, -- input of the model
    value text NOT NULL, -- JSON
    origin int NOT NULL CHECK (origin BETWEEN 1 AND 5), -- enum decision_origin: 1 register, 2 login, 3 typed by the citizen, 4 set by the service, 5 the day
    source text NOT NULL, -- key of the register; of a typed one the field
    at_us int NOT NULL, -- when the register told it
    law text NOT NULL, -- of a typed one: by which law the citizen's word is enough
    PRIMARY KEY (casefile_id, number)
);

-- Law 3: rules decide only where their ruling is a full yes, and give no less than was asked. Law 9: that yes rests on a
-- register or the login, and on nothing typed unless a law lets the citizen's word be enough.
-- sqlite:
CREATE TRIGGER decision_r1 BEFORE UPDATE ON decision WHEN NEW.state = 2 AND NEW.rule_version_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM decision_ruling r JOIN casefile c ON c.id = r.casefile_id WHERE r.casefile_id = NEW.casefile_id AND r.why = 0 AND r.service_version_id = NEW.rule_version_id AND c.service_version_id = r.service_version_id) BEGIN SELECT RAISE(ABORT, 'LAW 3: rules may grant only what they said yes to'); END;
CREATE TRIGGER decision_r2 BEFORE UPDATE ON decision WHEN NEW.state = 2 AND NEW.rule_version_id IS NOT NULL AND EXISTS (SELECT 1 FROM decision_line l WHERE l.decision_id = NEW.id AND l.granted <> '') BEGIN SELECT RAISE(ABORT, 'LAW 3: rules grant in full, never less'); END;
CREATE TRIGGER decision_r3 BEFORE UPDATE ON decision WHEN NEW.state = 2 AND NEW.rule_version_id IS NOT NULL AND EXISTS (SELECT 1 FROM decision_ruling r WHERE r.casefile_id = NEW.casefile_id AND r.why = 0) AND (NOT EXISTS (SELECT 1 FROM decision_fact f WHERE f.casefile_id = NEW.casefile_id AND f.origin IN (1, 2)) OR EXISTS (SELECT 1 FROM decision_fact f WHERE f.casefile_id = NEW.casefile_id AND f.origin = 3 AND f.law = '')) BEGIN SELECT RAISE(ABORT, 'LAW 9: what decides comes from login or register'); END;
CREATE TRIGGER decision_ruling_u BEFORE UPDATE ON decision_ruling BEGIN SELECT RAISE(ABORT, 'LAW 8: what the rules said cannot be changed'); END;
CREATE TRIGGER decision_ruling_d BEFORE DELETE ON decision_ruling BEGIN SELECT RAISE(ABORT, 'LAW 8: what the rules said cannot be taken away'); END;
CREATE TRIGGER decision_fact_i BEFORE INSERT ON decision_fact WHEN EXISTS (SELECT 1 FROM decision d WHERE d.casefile_id = NEW.casefile_id AND d.state = 2) BEGIN SELECT RAISE(ABORT, 'LAW 8: what the rules looked at cannot be changed'); END;
CREATE TRIGGER decision_fact_u BEFORE UPDATE ON decision_fact BEGIN SELECT RAISE(ABORT, 'LAW 8: what the rules looked at cannot be changed'); END;
CREATE TRIGGER decision_fact_d BEFORE DELETE ON decision_fact BEGIN SELECT RAISE(ABORT, 'LAW 8: what the rules looked at cannot be taken away'); END;
-- postgres:
CREATE FUNCTION decision_rules() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.state <> 2 OR NEW.rule_version_id IS NULL THEN RETURN NEW; END IF;
    IF NOT EXISTS (SELECT 1 FROM decision_ruling r JOIN casefile c ON c.id = r.casefile_id WHERE r.casefile_id = NEW.casefile_id AND r.why = 0 AND r.service_version_id = NEW.rule_version_id AND c.service_version_id = r.service_version_id) THEN RAISE EXCEPTION 'LAW 3: rules may grant only what they said yes to'; END IF;
    IF EXISTS (SELECT 1 FROM decision_line l WHERE l.decision_id = NEW.id AND l.granted <> '') THEN RAISE EXCEPTION 'LAW 3: rules grant in full, never less'; END IF;
    IF NOT EXISTS (SELECT 1 FROM decision_fact f WHERE f.casefile_id = NEW.casefile_id AND f.origin IN (1, 2)) OR EXISTS (SELECT 1 FROM decision_fact f WHERE f.casefile_id = NEW.casefile_id AND f.origin = 3 AND f.law = '') THEN RAISE EXCEPTION 'LAW 9: what decides comes from login or register'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_rules BEFORE UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_rules();
CREATE FUNCTION decision_ruling_laws() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN RAISE EXCEPTION 'LAW 8: what the rules said or looked at cannot be changed'; END IF;
    IF EXISTS (SELECT 1 FROM decision d WHERE d.casefile_id = NEW.casefile_id AND d.state = 2) THEN RAISE EXCEPTION 'LAW 8: what the rules looked at cannot be changed'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_ruling_laws BEFORE UPDATE OR DELETE ON decision_ruling FOR EACH ROW EXECUTE FUNCTION decision_ruling_laws();
CREATE TRIGGER decision_fact_laws BEFORE INSERT OR UPDATE OR DELETE ON decision_fact FOR EACH ROW EXECUTE FUNCTION decision_ruling_laws();
-- both:
