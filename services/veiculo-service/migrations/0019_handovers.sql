-- How a vehicle was handed over: what was shown, by whom it was given, as what somebody took it, and with what. A vehicle that came
-- back and was sold again has one row for each time.
create table vehicle_handovers (
  id bigint generated always as identity primary key,
  vehicle_id bigint not null,
  transaction_id uuid,
  at timestamptz not null,
  handed_over_by text not null,
  shown text not null check (shown in ('code', 'document')),
  received_as text not null check (received_as in ('buyer', 'representative', 'proxy')),
  -- sealed: it may name people
  proof text,
  mileage_km int check (mileage_km >= 0),
  keys int check (keys >= 0),
  has_manual boolean
);
create index vehicle_handovers_of_vehicle on vehicle_handovers (vehicle_id, id);
