-- A person or organisation the municipality meets.
CREATE TABLE party (
    id int PRIMARY KEY, -- random
    version int NOT NULL, -- grows with every change (law 2)
    kind int NOT NULL, -- 1 person, 2 organisation
    name text NOT NULL, -- what it is called; the register's word when there is one
    sort_name text NOT NULL, -- its key for sorting
    idno blob, -- identity number, sealed with the key outside the database; nowhere else
    idno_hash blob UNIQUE, -- keyed hash of it, for look-up
    idno_key int NOT NULL, -- 1: has an identity number, 0: has none
    orgno text UNIQUE, -- register number of an organisation; not secret
    born int, -- birth date, days since 1970-01-01
    reserved int NOT NULL, -- 1: reserved from digital post, gets paper (law 6)
    protected int NOT NULL, -- 1: name and address protection: address only for those with the right (law 7)
    email text, -- for notices without content; given by the party
    phone text, -- as e-mail
    lang int NOT NULL, -- enum lang: the language last used
    fetched_us int, -- when the register was last asked
    created_us int NOT NULL -- when we first met
);

-- One thing a register or the party itself has told.
CREATE TABLE party_fact (
    party_id int NOT NULL REFERENCES party (id), -- about whom
    attr text NOT NULL, -- name, street, postcode, city, born …
    value text NOT NULL, -- in the form party.h says
    source text NOT NULL, -- key of the source: register, self
    fetched_us int NOT NULL, -- when it was told
    PRIMARY KEY (party_id, attr)
) WITHOUT ROWID;

-- Who may act for whom.
CREATE TABLE mandate (
    id int PRIMARY KEY, -- random
    giver_id int NOT NULL REFERENCES party (id), -- whose matters
    holder_id int NOT NULL REFERENCES party (id), -- who may act
    scope text NOT NULL, -- a service key; empty: every service
    from_us int NOT NULL, -- in force from
    until_us int, -- to, not including; none: until withdrawn
    given_us int NOT NULL, -- when it was given
    withdrawn_us int, -- when it was withdrawn
    withdrawn_by int -- by which party
);
CREATE INDEX mandate_giver ON mandate (giver_id);
CREATE INDEX mandate_holder ON mandate (holder_id);
