-- A program in which an employee uses the archive in their own name (OAuth 2.0 authorization code with PKCE): it has no secret.
CREATE TABLE noark_app (
    id int PRIMARY KEY, -- random
    client text NOT NULL UNIQUE, -- its client_id
    name text NOT NULL, -- what to call it on the page where the employee allows it
    redirects text NOT NULL, -- addresses an employee may be sent back to, blanks between them
    active int NOT NULL, -- 0: taken away
    created_us int NOT NULL -- since when
);

-- An employee has allowed such a program. Ends with the session it was given in: logging out ends it.
CREATE TABLE noark_grant (
    id int PRIMARY KEY, -- random
    app_id int NOT NULL REFERENCES noark_app (id), -- which program
    session_id int NOT NULL REFERENCES session (id) ON DELETE CASCADE, -- in which login
    employee_id int NOT NULL REFERENCES employee (id), -- who
    unit_key text NOT NULL, -- for which of their units
    code blob NOT NULL UNIQUE, -- SHA-256 of the code the program was given
    used int NOT NULL, -- 1: the code was exchanged; a second time ends the grant
    challenge text NOT NULL, -- PKCE, S256
    redirect text NOT NULL, -- the address the code went to
    nonce text, -- for the ID token
    openid int NOT NULL, -- 1: an ID token was asked for
    turn int NOT NULL, -- grows with every refreshing: only the newest refresh token holds
    created_us int NOT NULL, -- the code lives a minute from then
    ends_us int NOT NULL -- the session's own end
);
CREATE INDEX noark_grant_session ON noark_grant (session_id);
CREATE INDEX noark_grant_app ON noark_grant (app_id);

-- Wrong passwords, so that guessing becomes slow. Forgotten after a day.
CREATE TABLE noark_guess (
    key blob PRIMARY KEY, -- keyed hash of where it came from, with or without the user name: neither is kept
    tries int NOT NULL, -- how many in a row
    last_us int NOT NULL, -- the last
    until_us int NOT NULL -- none is looked at before
);
CREATE INDEX noark_guess_last ON noark_guess (last_us);
CREATE INDEX noark_grant_employee ON noark_grant (employee_id);
