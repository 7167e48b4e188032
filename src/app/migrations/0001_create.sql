-- What the program must remember about this database as a whole.
CREATE TABLE app_setting (
    -- "demo"
    name text PRIMARY KEY,
    -- "yes", "no"
    value text NOT NULL
);
