-- One look at personal data by somebody else than the person. Append only; sealed.
CREATE TABLE access_view (
    id int PRIMARY KEY, -- random
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
    subjects blob NOT NULL, -- commitments of the subjects, 32 bytes each, in the order of access_subject.pos
    sealed int NOT NULL, -- batch that sealed it, or 0
    erased_us int -- lawfully erased then
);
CREATE INDEX access_view_unsealed ON access_view (sealed, at_us);
CREATE INDEX access_view_casefile ON access_view (casefile_id, at_us);

-- Whose data a view showed. One row each; gone after lawful erasure, its commitment stays in the view.
CREATE TABLE access_subject (
    view_id int NOT NULL REFERENCES access_view (id), -- the view
    pos int NOT NULL, -- place in access_view.subjects
    party_id int NOT NULL, -- whose data
    at_us int NOT NULL, -- as the view's, for the person's list
    salt text NOT NULL, -- 32 random hex digits
    PRIMARY KEY (view_id, pos)
);
CREATE INDEX access_subject_party ON access_subject (party_id, at_us, view_id);

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
    view_id int NOT NULL UNIQUE, -- the view
    hash text NOT NULL, -- salted hash of the view, hex
    PRIMARY KEY (batch, pos)
);
