-- A unit (center, enhet) of the municipality, from municipality.yaml.
CREATE TABLE unit (
    id int PRIMARY KEY, -- random
    key text NOT NULL UNIQUE, -- its key in municipality.yaml
    name text NOT NULL, -- name when municipality.yaml was last read; the name in each language is there
    active int NOT NULL -- 0: no longer in municipality.yaml
);

-- A person who works for the municipality.
CREATE TABLE employee (
    id int PRIMARY KEY, -- random
    key text NOT NULL UNIQUE, -- key in people.yaml, or issuer and subject of the login
    name text NOT NULL, -- as shown to colleagues
    email text, -- work address
    phone text, -- work number
    title text, -- what the person is called in letters
    party_id int, -- the person as party, when known: nobody handles a case of their own
    roles int NOT NULL, -- bits of enum role
    active int NOT NULL -- 0: has left; sessions are ended
);

-- Which units an employee works for.
CREATE TABLE employee_unit (
    employee_id int NOT NULL REFERENCES employee (id), -- who
    unit_id int NOT NULL REFERENCES unit (id), -- where
    PRIMARY KEY (employee_id, unit_id)
);
CREATE INDEX employee_unit_unit ON employee_unit (unit_id, employee_id);

-- A browser that is logged in, or anonymous with a draft.
CREATE TABLE session (
    id int PRIMARY KEY, -- random
    token blob NOT NULL UNIQUE, -- SHA-256 of the cookie's secret
    kind int NOT NULL, -- enum who_kind
    party_id int, -- the citizen
    employee_id int, -- the employee
    name text NOT NULL, -- what to call the person on the page
    unit_id int, -- unit the employee acts for
    assurance int NOT NULL, -- enum assurance
    origin_id int, -- anonymous session it grew out of
    provider text, -- which identity provider, for logout there
    sid text, -- the provider's session, for front-channel logout
    id_token blob, -- for id_token_hint at logout; sealed, it may hold an identity number
    created_us int NOT NULL, -- start
    seen_us int NOT NULL, -- last seen, to the minute
    ends_us int NOT NULL -- absolute limit
);
CREATE INDEX session_ends ON session (ends_us);
CREATE INDEX session_sid ON session (provider, sid);
CREATE INDEX session_employee ON session (employee_id);
CREATE INDEX session_party ON session (party_id);

-- A login that has left for the identity provider and is not back. Used once, lives ten minutes.
CREATE TABLE login (
    state blob PRIMARY KEY, -- SHA-256 of the state parameter
    browser blob NOT NULL, -- SHA-256 of the secret in the browser's cookie
    provider text NOT NULL, -- key of the identity provider
    nonce text NOT NULL, -- must come back in the ID token
    verifier blob NOT NULL, -- PKCE code verifier, sealed with the key outside the database
    level int NOT NULL, -- enum assurance that was asked for
    next text NOT NULL, -- where to go afterwards
    ends_us int NOT NULL -- too late after this
);
CREATE INDEX login_ends ON login (ends_us);
