-- One matter, from submission to closing: the process on top of its record.
CREATE TABLE casefile (
    id int PRIMARY KEY, -- random
    no text UNIQUE, -- "2026-000001"; given last, before the commit
    version int NOT NULL, -- grows with every change (law 2)
    draft_id int NOT NULL UNIQUE, -- the draft it was submitted from: a submission happens once (law 1)
    record_id int NOT NULL UNIQUE REFERENCES record_casefile (id), -- its record
    application_id int NOT NULL REFERENCES record_registration (id), -- registration of the application
    service_version_id int NOT NULL, -- the rules it was submitted under
    service_key text NOT NULL, -- key of the service
    title text NOT NULL, -- name of the service when it was submitted
    party_id int REFERENCES party (id), -- whose matter; none: anonymous
    unit_id int NOT NULL REFERENCES unit (id), -- who handles it
    caseworker_id int REFERENCES employee (id), -- who has taken it
    state int NOT NULL, -- enum casefile_state
    lang int NOT NULL, -- enum lang it was submitted in
    received_us int NOT NULL, -- when it was submitted
    deadline_us int, -- end of the last day; none while it stands still, or when the service has none
    suspended_us int, -- since when the deadline stands still
    suspended_left int, -- working days that were left then
    decided_us int, -- when the last decision became final
    arrived_us int, -- when its letter arrived (law 5)
    appeal_until_us int, -- end of the last day to appeal
    closed_us int, -- when it was closed
    events int NOT NULL, -- how many events it has
    unread int NOT NULL, -- 1: something from the party that the caseworker has not seen
    waiting int NOT NULL, -- questions and hearings that wait for the party
    session_id int, -- anonymous: the browser's session it was sent from, which may see the receipt again
    code_hash blob UNIQUE -- keyed hash of the receipt code of an anonymous case
);

CREATE INDEX casefile_party ON casefile (party_id, received_us);

-- What was applied for, line by line.
CREATE TABLE casefile_line (
    casefile_id int NOT NULL REFERENCES casefile (id), -- of which case
    number int NOT NULL, -- 1, 2 …
    key text NOT NULL, -- key of the option in the form
    label text NOT NULL, -- its words in the language of the case
    PRIMARY KEY (casefile_id, number),
    UNIQUE (casefile_id, key)
) WITHOUT ROWID;

-- Work that waits in a unit. A unit with a task sees the case (law 7).
CREATE TABLE casefile_task (
    id int PRIMARY KEY, -- random
    casefile_id int NOT NULL REFERENCES casefile (id), -- of which case
    unit_id int NOT NULL REFERENCES unit (id), -- whose
    employee_id int REFERENCES employee (id), -- who has taken it
    kind text NOT NULL, -- handle, appeal
    due_us int NOT NULL, -- the deadline of the case; far away when it has none
    created_us int NOT NULL, -- when it came
    done_us int -- when it was done
);
-- done_us, always NULL here, makes SQLite count from the index alone: twenty thousand tasks in half a millisecond
CREATE INDEX casefile_task_unit ON casefile_task (unit_id, due_us, casefile_id, done_us) WHERE done_us IS NULL;
CREATE INDEX casefile_task_employee ON casefile_task (employee_id, due_us, casefile_id) WHERE done_us IS NULL;
CREATE INDEX casefile_task_casefile ON casefile_task (casefile_id);
CREATE UNIQUE INDEX casefile_task_open ON casefile_task (casefile_id, unit_id) WHERE done_us IS NULL;

-- Who may see a case: kept in step with party, mandates and tasks; every list and every get asks it (law 7).
CREATE TABLE casefile_reach (
    casefile_id int NOT NULL REFERENCES casefile (id), -- which case
    kind int NOT NULL, -- 1 a person (ref: party), 2 a unit (ref: unit)
    ref int NOT NULL, -- who
    via int NOT NULL, -- mandate it comes from; 0: own right
    from_us int NOT NULL, -- not before
    until_us int NOT NULL, -- not from then on
    sort_us int NOT NULL, -- when the case was received: the order of a person's list
    PRIMARY KEY (casefile_id, kind, ref, via)
) WITHOUT ROWID;
CREATE INDEX casefile_reach_party ON casefile_reach (ref, sort_us, casefile_id, from_us, until_us) WHERE kind = 1;
CREATE INDEX casefile_reach_via ON casefile_reach (via) WHERE via <> 0;

-- The timeline: nothing in it is changed or taken away.
CREATE TABLE casefile_event (
    casefile_id int NOT NULL REFERENCES casefile (id), -- of which case
    n int NOT NULL, -- 1, 2 …
    at_us int NOT NULL, -- when
    kind text NOT NULL, -- a row of the table in casefile_event.c
    party_id int, -- who did it, when a party
    employee_id int, -- who did it, when an employee
    unit_id int, -- for which unit
    party_visible int NOT NULL, -- 1: the party sees it
    params text NOT NULL, -- JSON object of values for the text
    detail text NOT NULL, -- free text; empty: none, or it is in the registration
    registration_id int REFERENCES record_registration (id), -- what was registered
    PRIMARY KEY (casefile_id, n)
);

-- A question to the party; its words are in the registrations.
CREATE TABLE casefile_question (
    id int PRIMARY KEY, -- random
    casefile_id int NOT NULL REFERENCES casefile (id), -- of which case
    registration_id int NOT NULL REFERENCES record_registration (id), -- the question
    employee_id int NOT NULL REFERENCES employee (id), -- who asked
    asked_us int NOT NULL, -- when
    due_us int NOT NULL, -- end of the last day to answer
    answer_id int REFERENCES record_registration (id), -- the answer
    answered_us int -- when
);
CREATE INDEX casefile_question_casefile ON casefile_question (casefile_id, asked_us);

-- Calls, hearings and exemptions: what law 3 asks for before a decision that refuses.
CREATE TABLE casefile_contact (
    id int PRIMARY KEY, -- random
    casefile_id int NOT NULL REFERENCES casefile (id), -- of which case
    kind int NOT NULL CHECK (kind IN (1, 2, 3)), -- 1 call, 2 hearing, 3 exemption
    at_us int NOT NULL, -- when
    employee_id int NOT NULL REFERENCES employee (id), -- who
    registration_id int NOT NULL REFERENCES record_registration (id), -- its words
    reached int NOT NULL, -- call: 1 the party was spoken to
    legal_basis text NOT NULL, -- exemption: by which rule
    due_us int, -- hearing: end of the last day to answer
    answer_id int REFERENCES record_registration (id), -- the answer
    answered_us int, -- when
    CHECK (kind <> 3 OR legal_basis <> ''),
    CHECK (kind <> 2 OR due_us IS NOT NULL)
);
CREATE INDEX casefile_contact_casefile ON casefile_contact (casefile_id, at_us);

-- What must be delivered before the case may close (law 5).
CREATE TABLE casefile_hold (
    casefile_id int NOT NULL REFERENCES casefile (id), -- which case
    kind text NOT NULL, -- decision, letter
    ref int NOT NULL, -- which one
    put_us int NOT NULL, -- since when
    released_us int, -- delivered or handed over to paper
    PRIMARY KEY (casefile_id, kind, ref)
) WITHOUT ROWID;

-- sqlite:
CREATE TRIGGER casefile_2 BEFORE UPDATE OF state, party_id, unit_id, caseworker_id, deadline_us, suspended_us, decided_us, arrived_us, appeal_until_us, closed_us ON casefile WHEN NEW.version <= OLD.version BEGIN SELECT RAISE(ABORT, 'LAW 2: a change of a case file raises its version'); END;
CREATE TRIGGER casefile_5 BEFORE UPDATE OF state ON casefile WHEN NEW.state = 6 AND EXISTS (SELECT 1 FROM casefile_hold h WHERE h.casefile_id = NEW.id AND h.released_us IS NULL) BEGIN SELECT RAISE(ABORT, 'LAW 5: a letter of this case file has not been delivered'); END;
CREATE TRIGGER casefile_event_u BEFORE UPDATE ON casefile_event BEGIN SELECT RAISE(ABORT, 'LAW 8: the timeline is only added to'); END;
CREATE TRIGGER casefile_event_d BEFORE DELETE ON casefile_event BEGIN SELECT RAISE(ABORT, 'LAW 8: the timeline is only added to'); END;
CREATE TRIGGER casefile_line_u BEFORE UPDATE ON casefile_line BEGIN SELECT RAISE(ABORT, 'LAW 3: what was applied for cannot be changed'); END;
CREATE TRIGGER casefile_line_d BEFORE DELETE ON casefile_line BEGIN SELECT RAISE(ABORT, 'LAW 3: what was applied for cannot be changed'); END;
CREATE TRIGGER casefile_contact_u BEFORE UPDATE OF casefile_id, kind, at_us, employee_id, registration_id, reached, legal_basis, due_us ON casefile_contact BEGIN SELECT RAISE(ABORT, 'LAW 3: a recorded call or hearing cannot be changed'); END;
CREATE TRIGGER casefile_contact_d BEFORE DELETE ON casefile_contact BEGIN SELECT RAISE(ABORT, 'LAW 3: a recorded call or hearing cannot be taken away'); END;
CREATE TRIGGER casefile_hold_d BEFORE DELETE ON casefile_hold BEGIN SELECT RAISE(ABORT, 'LAW 5: a hold is released, not taken away'); END;

-- postgres:
CREATE FUNCTION casefile_laws() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.version <= OLD.version AND (NEW.state, NEW.party_id, NEW.unit_id, NEW.caseworker_id, NEW.deadline_us, NEW.suspended_us, NEW.decided_us, NEW.arrived_us, NEW.appeal_until_us, NEW.closed_us) IS DISTINCT FROM (OLD.state, OLD.party_id, OLD.unit_id, OLD.caseworker_id, OLD.deadline_us, OLD.suspended_us, OLD.decided_us, OLD.arrived_us, OLD.appeal_until_us, OLD.closed_us) THEN RAISE EXCEPTION 'LAW 2: a change of a case file raises its version'; END IF;
    IF NEW.state = 6 AND EXISTS (SELECT 1 FROM casefile_hold h WHERE h.casefile_id = NEW.id AND h.released_us IS NULL) THEN RAISE EXCEPTION 'LAW 5: a letter of this case file has not been delivered'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casefile_laws BEFORE UPDATE ON casefile FOR EACH ROW EXECUTE FUNCTION casefile_laws();
CREATE FUNCTION casefile_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$;
CREATE TRIGGER casefile_event_ud BEFORE UPDATE OR DELETE ON casefile_event FOR EACH ROW EXECUTE FUNCTION casefile_append_only('LAW 8: the timeline is only added to');
CREATE TRIGGER casefile_line_ud BEFORE UPDATE OR DELETE ON casefile_line FOR EACH ROW EXECUTE FUNCTION casefile_append_only('LAW 3: what was applied for cannot be changed');
CREATE TRIGGER casefile_contact_u BEFORE UPDATE OF casefile_id, kind, at_us, employee_id, registration_id, reached, legal_basis, due_us ON casefile_contact FOR EACH ROW EXECUTE FUNCTION casefile_append_only('LAW 3: a recorded call or hearing cannot be changed');
CREATE TRIGGER casefile_contact_d BEFORE DELETE ON casefile_contact FOR EACH ROW EXECUTE FUNCTION casefile_append_only('LAW 3: a recorded call or hearing cannot be taken away');
CREATE TRIGGER casefile_hold_d BEFORE DELETE ON casefile_hold FOR EACH ROW EXECUTE FUNCTION casefile_append_only('LAW 5: a hold is released, not taken away');
-- both:
