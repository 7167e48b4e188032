-- By what this database knows its key file, so that a wrong one is refused at the start. Tells nothing about the keys.
CREATE TABLE keys_check (
    kind text PRIMARY KEY, -- lookup, sign, or seal and the id of a key
    value blob NOT NULL -- a known value looked up; the public half; a known text sealed
);
