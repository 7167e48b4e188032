-- What the national journal service (eInnsyn) must be told: a row for each entry that was ever public. It outlives the entry until
-- that has been taken down there too. No personal data.
CREATE TABLE journal_out (
    registration_id int PRIMARY KEY, -- of which entry
    record_id int NOT NULL, -- in which case file record
    changed int NOT NULL, -- counts what happened to the entry: 1, 2, …
    sent int NOT NULL, -- the last of these that the service has got; less than changed: it waits
    tries int NOT NULL, -- begun since then; above 0: the service may have got something
    next_us int NOT NULL, -- not tried before
    sent_us int, -- when the service got the last one
    error text NOT NULL -- what became of the last try; empty: nothing was wrong
);
CREATE INDEX journal_out_waits ON journal_out (next_us, registration_id) WHERE sent < changed;

-- The case files the service knows.
CREATE TABLE journal_out_casefile (
    record_id int PRIMARY KEY, -- which record
    title_hash text NOT NULL -- SHA-256, in hex, of the title it was told last
);

-- What is public already.
INSERT INTO journal_out (registration_id, record_id, changed, sent, tries, next_us, error) SELECT registration_id, record_id, 1, 0, 0, 0, '' FROM journal_entry WHERE state = 2;
