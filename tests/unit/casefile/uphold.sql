-- name: uphold_recipient :one
-- To whom an outgoing registration went.
-- in: registration_id int
-- out: party_id int?, name text
SELECT party_id, name FROM record_party WHERE registration_id = :registration_id AND role = 2
