-- A purchase that was returned has given back what it held: for good, as one that was released.
alter table credit_holds add constraint credit_holds_status_known
  check (status in ('held', 'refused', 'released', 'returned')) not valid;

-- The purchases by which a vehicle was sold and that were returned: they do not come back, however late they are told of.
alter table vehicle_catalogue add column returned uuid[] not null default '{}';

-- What a return moves: the check of 0008 goes in 0014.
alter table ledger add constraint ledger_kind_listed check (kind in
  ('opening', 'adjustment', 'hold', 'release', 'return', 'return_of_repaid', 'deposit', 'withdrawal', 'credit_repayment',
   'trade_in', 'correction')) not valid;
