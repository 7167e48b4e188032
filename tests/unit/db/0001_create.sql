-- A thing of the tests, with one column of each kind. It's quoted.
CREATE TABLE test_thing (
    id int PRIMARY KEY, -- chosen by the test
    name text NOT NULL UNIQUE, -- what it is called
    note text, -- a remark,
               -- on two lines
    weight real, -- in kg
    picture blob, -- a picture; may be empty
    hash blob NOT NULL CHECK (length(hash) = 32), -- of the picture
    seen int NOT NULL DEFAULT 0, -- 1 when somebody saw it
    CONSTRAINT law_42_no_evil CHECK (name <> 'evil')
);

-- A number.
CREATE TABLE test_counter (
    id int PRIMARY KEY, -- always 1
    n int NOT NULL -- the last number given
);

-- A part of a thing.
CREATE TABLE test_part (
    id int PRIMARY KEY, -- chosen by the test
    thing_id int NOT NULL REFERENCES test_thing (id), -- whose part
    parts int NOT NULL CHECK (parts > 0) -- how many
);
CREATE INDEX test_part_thing ON test_part (thing_id);

-- sqlite:
CREATE TRIGGER test_law BEFORE DELETE ON test_thing
BEGIN
    SELECT RAISE(ABORT, 'LAW 99: things stay');
END;
-- postgres:
CREATE FUNCTION test_law() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'LAW 99: things stay';
END
$$;
CREATE TRIGGER test_law BEFORE DELETE ON test_thing FOR EACH ROW EXECUTE FUNCTION test_law();
-- both:
ALTER TABLE test_thing ADD COLUMN size int; -- how large, in mm
