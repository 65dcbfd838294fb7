-- What a sale needs on paper: its notes by their keys, each key once in the house; and what else was signed, checked and told.
create table vehicle_invoices (
  key text primary key,
  vehicle_id bigint not null references vehicles,
  kind text not null check (kind in ('entry', 'exit', 'return')),
  status text not null check (status in ('authorised', 'cancelled', 'returned')),
  -- what the note says: kept apart from what the vehicle has cost
  value_cents bigint not null check (value_cents > 0),
  issued_on date not null
);
create unique index vehicle_invoices_one_that_holds on vehicle_invoices (vehicle_id, kind) where status = 'authorised';
create index vehicle_invoices_of_vehicle on vehicle_invoices (vehicle_id);

create table vehicle_documents (
  vehicle_id bigint primary key references vehicles,
  documents jsonb not null,
  -- nothing is missing any more: such a vehicle is not looked at again
  settled boolean not null default false,
  author text not null,
  updated_at timestamptz not null
);
