-- A form that came when its session had ended, for the one whose session it was. An hour at most.
CREATE TABLE page_kept (
    id int PRIMARY KEY, -- random
    party_id int, -- whose session it was: a citizen's
    employee_id int, -- or an employee's
    form blob NOT NULL, -- sealed JSON: where it goes, what was written
    ends_us int NOT NULL, -- then it is erased
    CHECK ((party_id IS NULL) <> (employee_id IS NULL))
);
CREATE INDEX page_kept_ends ON page_kept (ends_us);
