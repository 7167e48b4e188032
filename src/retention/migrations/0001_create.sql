-- What is still to be done after a case file was erased: the access log, which has a commit of its own, and the person, who may have
-- no other matter. A row goes when both are done.
CREATE TABLE retention_left (
    casefile_id int NOT NULL, -- the case file that was erased
    party_id int NOT NULL, -- a person it was about
    disposal_id int NOT NULL, -- by which disposal
    basis text NOT NULL, -- the legal basis of that
    PRIMARY KEY (casefile_id, party_id)
);
