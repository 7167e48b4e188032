-- Giving somebody a case below the domain.

-- name: team_caseworker :exec
-- The case file itself.
-- in: id int, employee_id int
UPDATE casefile SET version = version + 1, caseworker_id = :employee_id WHERE id = :id

-- name: team_task :exec
-- Its work.
-- in: id int, employee_id int
UPDATE casefile_task SET employee_id = :employee_id WHERE casefile_id = :id

-- name: team_person :exec
-- Who an employee is.
-- in: id int, party_id int
UPDATE employee SET party_id = :party_id WHERE id = :id
