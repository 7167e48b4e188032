-- The API reads the tables of the house in the order in which their rows came, page by page, and by number and state.
CREATE INDEX noark_casefile_order ON record_casefile (created_us, id);
CREATE INDEX noark_casefile_state ON record_casefile (status, created_us, id);
CREATE INDEX noark_registration_order ON record_registration (created_us, id);
CREATE INDEX noark_document_order ON record_document (created_us, id);
CREATE INDEX noark_object_order ON record_object (created_us, id);
-- sqlite:
CREATE INDEX noark_item_no ON noark_item (type, coalesce(json_extract(body, '$.mappeID'), json_extract(body, '$.klasseID'))) WHERE deleted_us IS NULL;
-- postgres:
CREATE INDEX noark_item_no ON noark_item (type, (coalesce(body::json ->> 'mappeID', body::json ->> 'klasseID'))) WHERE deleted_us IS NULL;
-- both:
