-- By which approval a claim was closed: what one person alone took off a customer's prices within a day is added up.
alter table warranty_claims add column approval_id uuid;
