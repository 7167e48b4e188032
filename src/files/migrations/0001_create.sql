-- A document or picture by the SHA-256 of its bytes; the same bytes are stored once.
CREATE TABLE file (
    hash blob PRIMARY KEY CHECK (length(hash) = 32), -- SHA-256 of the bytes
    size int NOT NULL, -- bytes
    wanted_us int NOT NULL, -- last put or kept; what nobody uses is erased a day after
    bytes blob -- up to 64 KiB; NULL: DIR/files/ab/cdef… (the hash in hex) holds them
);
CREATE INDEX file_wanted ON file (wanted_us);

-- Who uses a file.
CREATE TABLE file_use (
    user_kind text NOT NULL, -- the noun: document, draft …
    user_id int NOT NULL, -- its id
    hash blob NOT NULL REFERENCES file (hash), -- the file
    PRIMARY KEY (user_kind, user_id, hash)
);
CREATE INDEX file_use_hash ON file_use (hash);
