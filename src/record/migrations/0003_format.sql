-- What a file is, as the national archives name it.
ALTER TABLE record_object ADD COLUMN format text NOT NULL DEFAULT ''; -- PRONOM's name, told by the content: "fmt/477" is PDF/A-2b; empty: nobody looked
