-- A copy of everything held about a person, that somebody asked for (GDPR article 15(3)); the file is one of files/.
CREATE TABLE takeout (
    id int PRIMARY KEY, -- random
    party_id int NOT NULL REFERENCES party (id), -- whose data
    asker_id int NOT NULL REFERENCES party (id), -- who asked: herself, or a holder of her mandate
    lang int NOT NULL, -- enum lang of the page in it
    state int NOT NULL, -- 1 being made, 2 ready, 3 could not be made
    asked_us int NOT NULL, -- when
    ready_us int, -- when it was made
    until_us int NOT NULL, -- then it is erased
    cases_done int NOT NULL, -- how far it has come
    cases_n int NOT NULL, -- of how many; 0: not begun
    file blob, -- SHA-256 of the ZIP
    bytes int NOT NULL, -- its size
    fetched_n int NOT NULL, -- how often it was fetched
    CHECK (state IN (1, 2, 3)),
    CHECK ((state = 2) = (file IS NOT NULL)),
    CHECK ((state = 2) = (ready_us IS NOT NULL))
);
CREATE UNIQUE INDEX takeout_once ON takeout (asker_id, party_id);
CREATE INDEX takeout_party ON takeout (party_id);
CREATE INDEX takeout_until ON takeout (until_us);
