-- Who buys, what they own and what they may owe. Customers are erased, never deleted: their rows stay.
create table customers (
  id bigint generated always as identity primary key,
  name text not null,
  email text not null,
  phone text not null,
  document text not null constraint customers_document_unique unique,
  account_balance_cents bigint not null constraint customers_balance_not_negative check (account_balance_cents >= 0),
  credit_limit_cents bigint not null,
  used_credit_cents bigint not null default 0,
  status text not null default 'active' check (status in ('active', 'blocked', 'erased')),
  birth_date date,
  driver_license text,
  address jsonb,
  refund_pix_key text,
  consents jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint customers_credit_within_limit check (used_credit_cents between 0 and credit_limit_cents)
) with (fillfactor = 80);

create unique index customers_email_unique on customers (lower(email));
create index customers_status on customers (status, id);

-- One row a purchase: what it holds of its customer. No reference to customers: a hold may be refused because there is
-- no such customer, and a release that came before its reserve is kept as a tombstone ('released', with a reason).
create table credit_holds (
  transaction_id uuid primary key,
  customer_id bigint not null,
  payment_type text not null check (payment_type in ('cash', 'credit', 'pix')),
  amount_cents bigint not null check (amount_cents >= 0),
  status text not null check (status in ('held', 'refused', 'released')),
  reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check (case status when 'held' then reason is null when 'refused' then reason is not null else true end)
) with (fillfactor = 80);

create index credit_holds_of_customer on credit_holds (customer_id) where status = 'held';

-- Every movement of a balance or of the credit available, written under the lock of the customer's row, never changed:
-- the amounts of one customer and account add up to what the customer has of it.
create table ledger (
  id bigint generated always as identity primary key,
  customer_id bigint not null,
  kind text not null check (kind in ('opening', 'adjustment', 'hold', 'release')),
  account text not null check (account in ('balance', 'credit')),
  transaction_id uuid,
  amount_cents bigint not null check (amount_cents <> 0),
  balance_after_cents bigint not null check (balance_after_cents >= 0),
  credit_after_cents bigint not null check (credit_after_cents >= 0),
  at timestamptz not null
);

create index ledger_of_customer on ledger (customer_id, id);
-- A purchase takes once and gives back once, whatever is delivered how often.
create unique index ledger_once_per_transaction on ledger (transaction_id, kind) where transaction_id is not null;
