-- Rows that were promised to somebody before the power was cut.
CREATE TABLE cut_row (
    id int PRIMARY KEY, -- random
    hash blob NOT NULL REFERENCES file (hash), -- the file that came with it
    number int NOT NULL UNIQUE -- given without gaps
);

-- The numbers.
CREATE TABLE cut_counter (
    id int PRIMARY KEY, -- always 1
    n int NOT NULL -- the last given
);
