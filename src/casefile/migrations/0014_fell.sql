-- It fell away because not everybody signed: nobody withdrew it, and no list says so. The rest is as for what was withdrawn.
ALTER TABLE casefile ADD COLUMN fell int NOT NULL DEFAULT 0; -- 1: it fell away, at withdrawn_us (law 11)
UPDATE casefile SET fell = 1 WHERE withdrawn_us IS NOT NULL AND EXISTS (SELECT 1 FROM casefile_event v WHERE v.casefile_id = casefile.id AND v.kind = 'sign_fell');
