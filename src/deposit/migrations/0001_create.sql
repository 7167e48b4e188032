-- A deposit of another system, or of an earlier one of our own, that was read back. It is not our record: its numbers and
-- systemIDs are its own, and so are its rules. Its files are kept as they came; the other tables are for finding.
CREATE TABLE deposit_package (
    id int PRIMARY KEY, -- random
    description_hash blob NOT NULL, -- SHA-256 of arkivuttrekk.xml, which names the checksums of all else: the same package once
    title text NOT NULL, -- name of the archive
    owner text NOT NULL, -- arkivskaper
    system text NOT NULL, -- the system it comes from, as the package says
    from_day int NOT NULL, -- first day of its period, days since 1970-01-01
    to_day int NOT NULL, -- last day of its period
    imported_us int NOT NULL, -- when it was read
    complete_us int, -- when all of it was here; none: it was cut off, and the next import takes it away
    casefiles int NOT NULL, -- how many case files it has
    registrations int NOT NULL, -- how many registrations
    documents int NOT NULL, -- how many documents
    objects int NOT NULL, -- how many document files
    files int NOT NULL, -- how many files the whole package has
    bytes int NOT NULL -- and how many bytes these have
);
CREATE UNIQUE INDEX deposit_package_once ON deposit_package (description_hash);

-- A file of a package, in files/.
CREATE TABLE deposit_file (
    id int PRIMARY KEY, -- random
    package_id int NOT NULL REFERENCES deposit_package (id), -- of which package
    path text NOT NULL, -- its name in the package, with '/'
    hash blob NOT NULL, -- SHA-256; the address in files/
    bytes int NOT NULL, -- its size
    UNIQUE (package_id, path)
);

-- A case file of a package (mappe).
CREATE TABLE deposit_casefile (
    id int PRIMARY KEY, -- random
    package_id int NOT NULL REFERENCES deposit_package (id), -- of which package
    system_id text NOT NULL, -- systemID
    class_key text NOT NULL, -- klasseID; empty: in no class
    no text NOT NULL, -- mappeID
    title text NOT NULL, -- tittel
    public_title text NOT NULL, -- offentligTittel
    unit text NOT NULL, -- administrativEnhet
    created text NOT NULL, -- opprettetDato, as it was written
    closed text NOT NULL, -- avsluttetDato, as it was written
    screened int NOT NULL -- 1: it has a screening
);
CREATE INDEX deposit_casefile_package ON deposit_casefile (package_id, no);

-- A registration of a package (registrering).
CREATE TABLE deposit_registration (
    id int PRIMARY KEY, -- random
    package_id int NOT NULL REFERENCES deposit_package (id), -- of which package
    casefile_id int REFERENCES deposit_casefile (id), -- in which case file; none: in a class or series
    system_id text NOT NULL, -- systemID
    no text NOT NULL, -- journal year and number, or registreringsID
    kind text NOT NULL, -- journalposttype; empty: no journal entry
    title text NOT NULL, -- tittel
    public_title text NOT NULL, -- offentligTittel
    who text NOT NULL, -- names of the correspondents, at most some hundred bytes
    day text NOT NULL, -- journaldato or opprettetDato, as it was written
    screened int NOT NULL -- 1: it has a screening
);
CREATE INDEX deposit_registration_casefile ON deposit_registration (casefile_id);
CREATE INDEX deposit_registration_package ON deposit_registration (package_id);

-- A document file of a package (dokumentobjekt) with what its document says.
CREATE TABLE deposit_object (
    id int PRIMARY KEY, -- random
    package_id int NOT NULL REFERENCES deposit_package (id), -- of which package
    registration_id int NOT NULL REFERENCES deposit_registration (id), -- of which registration
    system_id text NOT NULL, -- systemID of the object
    document_number text NOT NULL, -- dokumentnummer
    title text NOT NULL, -- tittel of the document
    variant text NOT NULL, -- variantformat
    format text NOT NULL, -- format
    path text NOT NULL -- referanseDokumentfil: a row of deposit_file
);
CREATE INDEX deposit_object_registration ON deposit_object (registration_id);
CREATE INDEX deposit_object_package ON deposit_object (package_id);
