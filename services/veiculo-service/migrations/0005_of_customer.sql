-- A person's data is found by their number: for their copy of it (LGPD, art. 18), and to erase it.
create index vehicle_reservations_of_customer on vehicle_reservations (customer_id);

-- Who took a vehicle is known for a time only.
create index vehicles_received on vehicles (picked_up_at) where received_by is not null;

-- Whose vehicles may be handed over, and to nobody who is written down any more.
create table erased_customers (
  customer_id bigint primary key,
  at timestamptz not null
);
