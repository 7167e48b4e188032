-- Giving somebody a case below the domain.

-- name: team_caseworker :exec
-- The case file itself.
-- in: id int, employee_id int
UPDATE casefile SET version = version + 1, caseworker_id = :employee_id WHERE id = :id

-- name: team_task :exec
-- Its work.
-- in: id int, employee_id int
UPDATE casefile_task SET employee_id = :employee_id WHERE casefile_id = :id
