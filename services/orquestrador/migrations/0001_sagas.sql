-- One row a purchase: the saga's state as the engine knows it (saga/saga.ts), and what lists filter by.
create table sagas (
  transaction_id uuid primary key,
  definition text not null,
  version int not null,
  customer_id bigint not null,
  vehicle_id bigint not null,
  amount_cents bigint not null check (amount_cents > 0),
  payment_type text not null,
  status text not null,
  step text not null,
  attempt int not null,
  deadline timestamptz,
  unwinding json,
  resumptions int not null,
  data json not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
) with (fillfactor = 80);

-- The durable clock: what is due, soonest first. Final sagas are not in it.
create index sagas_deadline on sagas (deadline) where deadline is not null;
create index sagas_customer on sagas (customer_id, transaction_id);
create index sagas_vehicle on sagas (vehicle_id, transaction_id);

-- Every transition, never changed.
create table saga_history (
  id bigint generated always as identity primary key,
  transaction_id uuid not null,
  at timestamptz not null,
  step text not null,
  status text not null,
  what text not null,
  attempt int not null,
  reason text
);
create index saga_history_transaction on saga_history (transaction_id, id);
