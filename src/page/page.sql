-- name: page_kept_add :count
-- Keep it, unless that person has twenty already.
-- in: id int, party_id int?, employee_id int?, party int, employee int, form blob, now_us int, ends_us int
INSERT INTO page_kept (id, party_id, employee_id, form, ends_us)
SELECT :id, :party_id, :employee_id, :form, :ends_us
WHERE (SELECT count(*) FROM page_kept k WHERE k.ends_us > :now_us AND (k.party_id = :party OR k.employee_id = :employee)) < 20

-- name: page_kept_get :opt
-- One of them, by the one whose it is; 0 is nobody.
-- in: id int, party int, employee int, now_us int
-- out: form blob
SELECT form FROM page_kept WHERE id = :id AND (party_id = :party OR employee_id = :employee) AND ends_us > :now_us

-- name: page_kept_drop :exec
-- It is not wanted any more.
-- in: id int, party int, employee int
DELETE FROM page_kept WHERE id = :id AND (party_id = :party OR employee_id = :employee)

-- name: page_kept_sweep :exec
-- Its time is out.
-- in: now_us int
DELETE FROM page_kept WHERE ends_us <= :now_us

-- name: page_kept_erase :exec
-- Law 10: the person is forgotten.
-- in: party_id int
DELETE FROM page_kept WHERE party_id = :party_id
