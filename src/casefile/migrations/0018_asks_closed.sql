-- What the party was asked and has not answered is closed when the case no longer waits for it: it was decided, withdrawn or closed.
ALTER TABLE casefile_question ADD COLUMN closed_us int; -- when it was closed without an answer
ALTER TABLE casefile_contact ADD COLUMN closed_us int; -- of a hearing: when it was closed without an answer
UPDATE casefile_question SET closed_us = (SELECT coalesce(c.decided_us, c.withdrawn_us, c.closed_us, casefile_question.due_us) FROM casefile c WHERE c.id = casefile_question.casefile_id)
WHERE answered_us IS NULL AND EXISTS (SELECT 1 FROM casefile c WHERE c.id = casefile_question.casefile_id AND c.state IN (3, 5, 6));
UPDATE casefile_contact SET closed_us = (SELECT coalesce(c.decided_us, c.withdrawn_us, c.closed_us, casefile_contact.due_us) FROM casefile c WHERE c.id = casefile_contact.casefile_id)
WHERE kind = 2 AND answered_us IS NULL AND EXISTS (SELECT 1 FROM casefile c WHERE c.id = casefile_contact.casefile_id AND c.state IN (3, 5, 6));
UPDATE casefile SET waiting = 0 WHERE waiting > 0 AND state IN (3, 5, 6);
