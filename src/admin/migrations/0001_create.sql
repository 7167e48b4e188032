-- What was found when a connection was looked at last; kept, because looking takes time and may wait.
CREATE TABLE admin_probe (
    -- "mail", "citizens", "employees", "keys"; "backup": the last one that was made
    name text PRIMARY KEY,
    -- 1: it works
    ok int NOT NULL,
    -- the reason when not; technical, no personal data
    detail text NOT NULL,
    -- looked at then
    at_us int NOT NULL,
    -- so since
    since_us int NOT NULL
);

-- Replies of status 500 and above, counted by the hour: for the administrator's page and the daily mail.
CREATE TABLE admin_incident (
    -- what failed: number of base/err.tbl
    err int NOT NULL,
    -- beginning of the hour
    hour_us int NOT NULL,
    -- how many
    n int NOT NULL,
    -- the last of them
    last_us int NOT NULL,
    PRIMARY KEY (err, hour_us)
);
