-- A return beside its saga, which has the same id: who asked for it and why, and what staff saw when the vehicle came. What people
-- have typed stands here alone, to be erased with them.
create table purchase_returns (
  return_id uuid primary key,
  purchase_id uuid not null,
  customer_id bigint not null,
  vehicle_id bigint not null,
  asked_by text not null,
  reason text,
  asked_at timestamptz not null,
  status text not null check (status in ('open', 'completed', 'cancelled')),
  received_at timestamptz,
  received_by text,
  mileage_km int check (mileage_km >= 0),
  notes text,
  ended_at timestamptz
);

-- What must never happen: two returns of one purchase, unless the first was called off.
create unique index purchase_returns_one_live on purchase_returns (purchase_id) where status <> 'cancelled';
create index purchase_returns_of_customer on purchase_returns (customer_id);
