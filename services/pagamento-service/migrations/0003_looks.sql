-- Providers' callbacks get lost: when the charge of a code that waits to be paid is looked at without one, and how often it
-- was. Null for codes whose charge lies with no provider.
alter table payment_codes
  add column look_due_at timestamptz,
  add column looks int not null default 0;

update payment_codes set look_due_at = created_at where status = 'pending' and txid is not null;

create index payment_codes_looks on payment_codes (look_due_at)
  where status = 'pending' and task is null and look_due_at is not null;
