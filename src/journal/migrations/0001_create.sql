-- An entry of the public journal: what the public may read of one incoming or outgoing registration. The texts are written when
-- rules or a person have judged them, and are then shown as they stand here; nothing public is read from the record itself.
CREATE TABLE journal_entry (
    registration_id int PRIMARY KEY REFERENCES record_registration (id), -- of which
    record_id int NOT NULL REFERENCES record_casefile (id), -- in which case file record
    state int NOT NULL, -- enum journal_state
    sort int NOT NULL UNIQUE, -- journal year and number as one: year * 10^9 + number
    kind int NOT NULL, -- 1 incoming, 2 outgoing
    day int NOT NULL, -- journaldato, days since 1970-01-01
    document_day int NOT NULL, -- date of the document
    number int NOT NULL, -- its number in the case file
    casefile_year int NOT NULL, -- number of the case file
    casefile_seq int NOT NULL, -- and this
    unit_id int NOT NULL REFERENCES unit (id), -- which unit
    casefile_title text NOT NULL, -- shown; ***** where it is not
    title text NOT NULL, -- shown; ***** where it is not
    who text NOT NULL, -- the correspondent outside, as shown; empty: none, or taken away after a year
    who_person int NOT NULL, -- 1: who is a person, taken away after a year
    name_words text NOT NULL, -- folded words of names that the texts still hold; taken out of them after a year
    access_code text NOT NULL, -- why something is screened; empty: nothing
    access_basis text NOT NULL, -- the legal basis of that
    doubts int NOT NULL, -- bits of enum journal_doubt
    judged_us int, -- when rules looked at it
    decided_us int, -- when a person did
    decided_by int, -- which employee
    reason text NOT NULL, -- why it is held back; empty: it is not
    published_us int -- since when the public reads it
);
CREATE INDEX journal_entry_state ON journal_entry (state, sort);
CREATE INDEX journal_entry_day ON journal_entry (day, sort) WHERE state = 2;
CREATE INDEX journal_entry_published ON journal_entry (published_us) WHERE state = 2;
CREATE INDEX journal_entry_record ON journal_entry (record_id);
CREATE INDEX journal_entry_names ON journal_entry (day) WHERE who_person = 1 OR name_words <> '';
