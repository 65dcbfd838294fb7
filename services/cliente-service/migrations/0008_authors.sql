-- Who moved money by hand, why, and by which second person; a purchase's movements have none, they name their purchase.
alter table ledger
  add column author text,
  add column reason text,
  add column reference text,
  add column approval_id uuid;
-- Money that came or went outside of purchases, by what it was. The check before this one goes in 0010.
alter table ledger add constraint ledger_kind_known check (kind in
  ('opening', 'adjustment', 'hold', 'release', 'deposit', 'withdrawal', 'credit_repayment', 'trade_in', 'correction')) not valid;

-- Whose customer it is, for who sells; and who blocked them.
alter table customers
  add column registered_by text,
  add column blocked_by text;
