-- What buyers say is wrong with a vehicle that they have taken, and what became of it. Names no person.
create table warranty_claims (
  id bigint generated always as identity primary key,
  vehicle_id bigint not null references vehicles,
  -- null of a sale by hand
  transaction_id uuid,
  customer_id bigint,
  what text not null,
  is_hidden boolean not null,
  opened_at timestamptz not null,
  opened_by text not null,
  -- by then it is to be repaired, as São Paulo counts days
  due_on date not null,
  status text not null check (status in ('open', 'repaired', 'abated', 'replaced', 'refused')),
  cost_cents bigint check (cost_cents > 0),
  refund_cents bigint check (refund_cents > 0),
  findings text,
  closed_at timestamptz,
  closed_by text,
  check ((status = 'open') = (closed_at is null)),
  check ((status = 'abated') = (refund_cents is not null))
);
create index warranty_claims_of_vehicle on warranty_claims (vehicle_id, id);
create index warranty_claims_open on warranty_claims (due_on, id) where status = 'open';
create index warranty_claims_of_customer on warranty_claims (customer_id, id) where customer_id is not null;
