-- log: in a file of their own, where there are files (db.h, db_write_log)

-- One look at personal data by somebody else than the person. Append only; sealed.
CREATE TABLE access_view (
    id int PRIMARY KEY, -- of rand_id_at: near in time, so that new rows lie together; never in an address or in JSON
    at_us int NOT NULL, -- when
    viewer_kind int NOT NULL, -- enum who_kind; 0 after lawful erasure
    viewer_id int NOT NULL, -- employee or party
    unit_id int NOT NULL, -- unit the employee acted for, or 0
    roles int NOT NULL, -- bits of enum role at the time
    kind text NOT NULL, -- what was seen
    purpose text NOT NULL, -- why
    legal_basis text NOT NULL, -- law, or empty
    casefile_id int NOT NULL, -- case, or 0
    casefile_no text NOT NULL, -- its number then
    refused int NOT NULL, -- 1: was not let in
    request_id text NOT NULL, -- finds the line in the log
    salt text NOT NULL, -- 32 random hex digits: the leaf says nothing about an erased row
    subjects blob NOT NULL, -- whose data: an entry each, 1, party id and salt, or after lawful erasure 2 and the commitment (subjects.c)
    sealed int NOT NULL, -- batch that sealed it, or 0
    erased_us int -- lawfully erased then
);
CREATE INDEX access_view_unsealed ON access_view (at_us) WHERE sealed = 0;

-- The index by person, made by sealing: the views of one batch about one person. What has no seal yet is not in it.
CREATE TABLE access_subject (
    party_id int NOT NULL, -- whose data
    batch int NOT NULL, -- the batch
    views blob NOT NULL, -- ids of the views, 8 bytes each, little endian, in the order of the batch
    PRIMARY KEY (party_id, batch)
) WITHOUT ROWID;
CREATE INDEX access_subject_batch ON access_subject (batch, party_id);

-- Entries that the person may not see yet, by law.
CREATE TABLE access_withheld (
    id int PRIMARY KEY, -- random
    party_id int NOT NULL, -- whose entries
    casefile_id int NOT NULL, -- in this case; 0: all
    legal_basis text NOT NULL, -- the law that allows it
    until_us int NOT NULL, -- shown again after this
    employee_id int NOT NULL, -- who decided
    decided_us int NOT NULL -- when
);
CREATE INDEX access_withheld_party ON access_withheld (party_id, until_us);

-- A sealed batch: root of the tree over its leaves, chained to the batch before, signed with a key outside the database.
CREATE TABLE access_batch (
    no int PRIMARY KEY, -- 1, 2, 3 … without gaps
    at_us int NOT NULL, -- when sealed
    n int NOT NULL, -- leaves
    root blob NOT NULL, -- Merkle root of the leaves
    head blob NOT NULL, -- hash of previous head, no, at_us, n and root
    signature blob NOT NULL, -- Ed25519 over the head
    key blob NOT NULL -- public key of the signature
);
CREATE INDEX access_batch_at ON access_batch (at_us);

-- What was sealed: a leaf for each view, kept for ever.
CREATE TABLE access_leaf (
    batch int NOT NULL REFERENCES access_batch (no), -- the batch
    pos int NOT NULL, -- place in it
    view_id int NOT NULL, -- the view
    hash blob NOT NULL, -- salted hash of the view
    PRIMARY KEY (batch, pos)
) WITHOUT ROWID;
