-- A migration that has been run on this database; none is run twice, and a changed one stops the start.
CREATE TABLE migration (
    module text NOT NULL, -- the room it belongs to
    number int NOT NULL, -- 1, 2, … within the room
    name text NOT NULL, -- the file's name
    hash text NOT NULL, -- SHA-256 of the file, hex
    run_us int NOT NULL, -- when it was run, UTC microseconds
    PRIMARY KEY (module, number)
);
