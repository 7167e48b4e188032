-- A published version of a service: never changed, never taken away while a draft or case file points to it.
CREATE TABLE service_version (
    id int PRIMARY KEY, -- random
    key text NOT NULL, -- the folder's name: "lette-hjaelpemidler"
    hash text NOT NULL, -- SHA-256 of all files with their names, hex
    published_us int NOT NULL -- when it was published, UTC microseconds
);
CREATE INDEX service_version_key ON service_version (key, published_us);

-- The files of a version, as they were in the folder.
CREATE TABLE service_file (
    version_id int NOT NULL REFERENCES service_version (id), -- the version
    path text NOT NULL, -- inside the folder: "letters/granted.da.md"
    content text NOT NULL, -- UTF-8
    PRIMARY KEY (version_id, path)
);

-- Which version of a service is the current one.
CREATE TABLE service (
    key text PRIMARY KEY, -- the folder's name
    version_id int NOT NULL REFERENCES service_version (id), -- the version that may be applied for
    withdrawn_us int -- when the folder was taken away; null: offered
);

-- One row: counts the publications, so that every process sees when to look again.
CREATE TABLE service_change (
    id int PRIMARY KEY, -- 1
    n int NOT NULL -- how many publications there were
);
INSERT INTO service_change (id, n) VALUES (1, 0);

-- A published version is what cases were made under.
-- sqlite:
CREATE TRIGGER service_version_u BEFORE UPDATE ON service_version BEGIN SELECT RAISE(ABORT, 'LAW 8: a published service version cannot be changed'); END;
CREATE TRIGGER service_version_d BEFORE DELETE ON service_version BEGIN SELECT RAISE(ABORT, 'LAW 8: a published service version cannot be taken away'); END;
CREATE TRIGGER service_file_u BEFORE UPDATE ON service_file BEGIN SELECT RAISE(ABORT, 'LAW 8: a published service version cannot be changed'); END;
CREATE TRIGGER service_file_d BEFORE DELETE ON service_file BEGIN SELECT RAISE(ABORT, 'LAW 8: a published service version cannot be taken away'); END;
-- postgres:
CREATE FUNCTION service_immutable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'LAW 8: a published service version cannot be changed'; END $$;
CREATE TRIGGER service_version_ud BEFORE UPDATE OR DELETE ON service_version FOR EACH ROW EXECUTE FUNCTION service_immutable();
CREATE TRIGGER service_file_ud BEFORE UPDATE OR DELETE ON service_file FOR EACH ROW EXECUTE FUNCTION service_immutable();
-- both:
