-- One row a purchase: the code that it is paid by. A refund that came before its generation leaves a voided code that
-- nobody was told: the tombstone that refuses the late generation.
create table payment_codes (
  id bigint generated always as identity primary key,
  code text not null unique check (code ~ '^[A-Za-z0-9]{1,25}$'),
  transaction_id uuid not null unique,
  customer_id bigint not null,
  vehicle_id bigint not null,
  amount_cents bigint not null check (amount_cents > 0),
  payment_type text not null check (payment_type in ('cash', 'credit', 'pix')),
  status text not null check (status in ('pending', 'used', 'expired', 'voided', 'failed')),
  reason text,
  pix_copy_paste text,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
) with (fillfactor = 80);

-- The durable clock of expiry.
create index payment_codes_pending on payment_codes (expires_at) where status = 'pending';

-- A purchase is paid once and refunded once: one row, keyed by its transaction.
create table payments (
  id bigint generated always as identity primary key,
  transaction_id uuid not null unique,
  payment_code text not null unique references payment_codes (code),
  customer_id bigint not null,
  vehicle_id bigint not null,
  amount_cents bigint not null check (amount_cents > 0),
  payment_type text not null,
  payment_method text not null,
  status text not null check (status in ('completed', 'refunded', 'failed')),
  processed_at timestamptz not null,
  created_at timestamptz not null
);
