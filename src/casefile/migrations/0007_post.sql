-- A case that began with a letter or an e-mail: its application is that document, not answers of a form.
ALTER TABLE casefile ADD COLUMN by_post int NOT NULL DEFAULT 0; -- 1: it did
