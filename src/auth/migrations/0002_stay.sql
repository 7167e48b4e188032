-- A citizen whom an employee of the counter has open now, to fill in for them. Gone when that is over: who typed what is
-- kept with the draft and the case file, and who looked in the access log.
CREATE TABLE counter_stay (
    session_id int PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE, -- the employee's session: one citizen at a time
    employee_id int NOT NULL REFERENCES employee (id), -- who
    unit_id int NOT NULL REFERENCES unit (id), -- for which unit
    party_id int NOT NULL, -- the citizen; party/ guards it (law 7)
    name text NOT NULL, -- what to call the citizen on the page
    channel int NOT NULL CHECK (channel IN (2, 3, 4)), -- enum channel: at the counter, on the telephone, from a letter
    purpose text NOT NULL CHECK (length(purpose) >= 10), -- why, as the employee stated it
    begun_us int NOT NULL, -- since when
    ends_us int NOT NULL -- until when, if nothing more happens
);
