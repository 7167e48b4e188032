-- When an employee is away. One at a time, no reason (an illness is nobody's business here), erased when it is over.
CREATE TABLE employee_absence (
    employee_id int PRIMARY KEY REFERENCES employee (id), -- who
    from_us int NOT NULL, -- start of the first day
    until_us int, -- end of the last day; none: until further notice
    set_by int NOT NULL REFERENCES employee (id), -- who said so: oneself or a leader
    set_us int NOT NULL -- when
);
