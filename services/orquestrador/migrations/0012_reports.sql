-- What the owner's reports are made of. The facts as they were heard, once each, from which the rest can be made anew.
create table report_facts (
  id bigint generated always as identity primary key,
  key text not null unique,
  vehicle_id bigint,
  at timestamptz not null,
  body jsonb not null
);

create table report_vehicles (
  vehicle_id bigint primary key,
  known jsonb not null,
  in_stock boolean not null,
  brand text,
  since date,
  price_cents bigint,
  cost_cents bigint
);
create index report_vehicles_in_stock on report_vehicles (since) where in_stock;

-- Never changed: what is learnt later is an entry of its own.
create table report_entries (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('sale', 'return', 'cost', 'failure')),
  at timestamptz not null,
  sold_at timestamptz,
  transaction_id uuid,
  vehicle_id bigint,
  brand text,
  seller text,
  payment_type text,
  reason text,
  count int not null,
  revenue_cents bigint not null,
  discount_cents bigint not null,
  cost_cents bigint not null,
  margin_cents bigint not null,
  uncosted int not null,
  days_in_stock int
);
create index report_entries_at on report_entries (at);
create index report_entries_sold_at on report_entries (sold_at);
