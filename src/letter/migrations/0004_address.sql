-- A protected address is put on when the letter is printed. What left before this may show one, so it counts as showing it (law 7).
ALTER TABLE letter ADD COLUMN pdf_address int NOT NULL DEFAULT 1; -- 1: its PDF shows the party's address
