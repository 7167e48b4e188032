-- Answers of a draft are for a login as strong as its service asks for.
ALTER TABLE takeout ADD COLUMN assurance int NOT NULL DEFAULT 0; -- enum assurance of the login it was asked with; a weaker one does not fetch it
