-- Who entered a line of a return, and by which approvals money went out or a debt counted as paid: what one person did alone within
-- a day is added up.
alter table owed_items add column entered_by text;
alter table owed_items add column entered_approval_id uuid;
alter table owed_items add column settled_approval_id uuid;
alter table payment_debts add column settled_approval_id uuid;
alter table closings add column approval_id uuid;
