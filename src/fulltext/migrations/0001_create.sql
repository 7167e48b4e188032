-- Documents whose words are still to be read. What is not read yet is not found by its words; nothing else waits for it.
CREATE TABLE fulltext_wait (
    user_kind text NOT NULL, -- who uses the file: record_object, noark_item
    user_id int NOT NULL, -- which one
    hash blob NOT NULL, -- the file
    tries int NOT NULL, -- how often reading it was begun and not ended
    next_us int NOT NULL, -- not to be begun before
    PRIMARY KEY (user_kind, user_id, hash)
);
CREATE INDEX fulltext_wait_next ON fulltext_wait (next_us);

-- Documents that were stored before there was this table have their turn after the new ones.
INSERT INTO fulltext_wait (user_kind, user_id, hash, tries, next_us)
SELECT user_kind, user_id, hash, 0, 0 FROM file_use WHERE user_kind IN ('record_object', 'noark_item');
