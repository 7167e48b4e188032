-- log: in a file of their own, where there are files (db.h, db_write_log)

-- Rare rows that the data protection officer counts.
CREATE INDEX access_view_export ON access_view (at_us) WHERE kind = 'export';
CREATE INDEX access_view_erasure ON access_view (at_us) WHERE kind = 'erasure';
