-- Since when a kind of failure is seen: the administrator is told from when to when, as of an outage.
ALTER TABLE admin_incident ADD COLUMN first_us int; -- the first of them in that hour; none: counted before this was kept
