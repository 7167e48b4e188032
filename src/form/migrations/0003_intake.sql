-- How many have applied for a service that takes only so many: a place is taken in the transaction that takes the application.
CREATE TABLE form_intake (
    service_key text NOT NULL, -- key of the service
    from_day int NOT NULL, -- first day of the period that is counted: valid.from of its versions, as days since 1970
    taken int NOT NULL, -- applications taken
    ceiling int NOT NULL, -- so many at most, as the version said that was applied for last
    PRIMARY KEY (service_key, from_day),
    CHECK (taken <= ceiling)
);
