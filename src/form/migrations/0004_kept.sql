-- The answers of an application that somebody else must sign too, until all have: whoever sent it may take them back.
ALTER TABLE form_draft ADD COLUMN kept_of int; -- the draft that was sent, while this is its kept copy; none: an ordinary draft
CREATE UNIQUE INDEX form_draft_kept ON form_draft (kept_of) WHERE kept_of IS NOT NULL;
