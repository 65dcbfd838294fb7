-- A deal is seldom paid in one way: what comes at the counter, or is promised, one row each. Their ids are those of payments, so that
-- either is found by its number.
create table payment_parts (
  id bigint primary key,
  transaction_id uuid not null,
  payment_code text not null,
  customer_id bigint not null,
  vehicle_id bigint not null,
  amount_cents bigint not null check (amount_cents > 0),
  method text not null check (method in ('banknotes', 'transfer', 'card', 'financing', 'trade_in', 'pix', 'deposit')),
  state text not null check (state in ('asked', 'promised', 'received', 'reversed', 'failed', 'cancelled', 'owed')),
  reference text,
  -- who pays, when that is not the buyer: sealed, and kept as long as the payment is (COAF)
  payer_name text,
  payer_document text,
  -- of a trade-in
  trade_in_vehicle_id bigint,
  valuation_cents bigint,
  debts_cents bigint,
  payoff_cents bigint,
  author text not null,
  approval_id uuid,
  created_at timestamptz not null,
  received_at timestamptz,
  updated_at timestamptz not null,
  check ((method = 'trade_in') = (valuation_cents is not null))
);
create index payment_parts_of_transaction on payment_parts (transaction_id, id);

-- What failed after the sale: the buyer owes it, until it is paid or the purchase is undone.
create table payment_debts (
  id bigint generated always as identity primary key,
  part_id bigint not null unique,
  transaction_id uuid not null,
  customer_id bigint not null,
  amount_cents bigint not null check (amount_cents > 0),
  due_on date not null,
  status text not null check (status in ('open', 'paid', 'void')),
  created_at timestamptz not null,
  settled_at timestamptz,
  settled_by text,
  settled_method text,
  settled_reference text,
  check ((status = 'open') = (settled_at is null))
);
create index payment_debts_of_transaction on payment_debts (transaction_id);
create index payment_debts_open on payment_debts (due_on, id) where status = 'open';

alter table payment_codes
  add column held_cents bigint not null default 0,
  add column received_cents bigint not null default 0;
-- What must never happen: more held than is due, or received than is held.
alter table payment_codes add constraint payment_codes_held_at_most_due
  check (received_cents >= 0 and received_cents <= held_cents and held_cents <= amount_cents) not valid;
alter table payment_codes add constraint payment_codes_payment_type_known
  check (payment_type in ('cash', 'credit', 'pix', 'counter')) not valid;
alter table owed_items add constraint owed_items_reason_known
  check (reason in ('refund_refused', 'refund_too_late', 'given_up', 'part_undone', 'trade_in_excess')) not valid;
