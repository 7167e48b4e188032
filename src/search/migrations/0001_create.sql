-- Words by which things are found: folded, without accents, in lower case.
CREATE TABLE search_term (
  -- what sort of thing: casefile, party, service …
  kind text NOT NULL,
  -- which one
  ref int NOT NULL,
  -- one word of it, folded
  term text NOT NULL,
  -- the order of the result, largest first
  sort int NOT NULL,
  PRIMARY KEY (kind, ref, term)
) WITHOUT ROWID;
CREATE INDEX search_term_prefix ON search_term (kind, term, sort, ref);
