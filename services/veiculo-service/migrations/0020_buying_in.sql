-- What buyers look for beside brand and model; and what the papers say of theft, fines, taxes, lien and other restrictions, once
-- somebody has said it.
alter table vehicles
  add column model_year int,
  add column version text,
  add column body text,
  add column doors int,
  add column options jsonb,
  add column restrictions jsonb;

-- A vehicle is prepared before it is offered; a consigned one can go back to its owner.
alter table vehicles add constraint vehicles_status_known
  check (status in ('preparation', 'available', 'reserved', 'sold', 'picked_up', 'withdrawn', 'returned_to_owner')) not valid;

-- What a vehicle has cost, apart from the row that the public reads. `owner_customer_id` and what he gets are of a consignment.
create table vehicle_acquisitions (
  vehicle_id bigint primary key references vehicles,
  acquired_at date not null,
  cost_cents bigint not null check (cost_cents >= 0),
  source text not null check (source in ('purchase', 'trade_in', 'consignment', 'return')),
  owner_customer_id bigint,
  owner_share_percent numeric(5, 2) check (owner_share_percent > 0 and owner_share_percent <= 100),
  author text not null,
  updated_at timestamptz not null,
  constraint vehicle_acquisitions_owner_of_a_consignment
    check ((source = 'consignment') = (owner_customer_id is not null) and (source = 'consignment') = (owner_share_percent is not null))
);
create index vehicle_acquisitions_of_owner on vehicle_acquisitions (owner_customer_id) where owner_customer_id is not null;

-- Nothing is taken out of it: what was entered wrong is set right by an entry of the opposite sign.
create table vehicle_expenses (
  vehicle_id bigint not null references vehicles,
  id bigint generated always as identity,
  what text not null,
  amount_cents bigint not null check (amount_cents <> 0),
  spent_on date not null,
  author text not null,
  at timestamptz not null,
  primary key (vehicle_id, id)
);
