-- A time in which a connection that is looked at did not work: told when it is over too.
CREATE TABLE admin_outage (
    -- as in admin_probe
    name text NOT NULL,
    -- first seen not to work
    since_us int NOT NULL,
    -- seen to work again; NULL: not yet
    until_us int,
    PRIMARY KEY (name, since_us)
);
