-- What is on sale, and what has become of it. Vehicles are never deleted.
--
-- No index names `status` or another column that a purchase changes: so the two updates of each purchase stay on the
-- row's page (HOT) and touch no index.
create table vehicles (
  id bigint generated always as identity primary key,
  brand text not null,
  model text not null,
  year int not null,
  color text not null,
  price_cents bigint not null constraint vehicles_price_positive check (price_cents > 0),
  license_plate text not null,
  -- ABC1234 and ABC1C34 are the same car: the plate in its Mercosul form, whichever was typed.
  plate_mercosul text not null constraint vehicles_plate_unique unique,
  chassi_number text not null constraint vehicles_chassi_unique unique,
  renavam text not null constraint vehicles_renavam_unique unique check (renavam ~ '^[0-9]{11}$'),
  status text not null default 'available'
    check (status in ('available', 'reserved', 'sold', 'picked_up', 'withdrawn')),
  reserved_by uuid,
  sold_at timestamptz,
  sold_to_transaction uuid,
  pickup_code text,
  picked_up_at timestamptz,
  mileage_km int check (mileage_km >= 0),
  fuel text,
  transmission text,
  description text,
  photos jsonb,
  documentation jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint vehicles_reserved_by_someone check ((status = 'reserved') = (reserved_by is not null)),
  constraint vehicles_sold_at_some_time check ((status in ('sold', 'picked_up')) = (sold_at is not null)),
  constraint vehicles_sold_to_a_sold_one check (sold_to_transaction is null or status in ('sold', 'picked_up')),
  constraint vehicles_pickup_code_of_a_buyer check ((sold_to_transaction is null) = (pickup_code is null)),
  constraint vehicles_picked_up_at_some_time check ((status = 'picked_up') = (picked_up_at is not null))
) with (fillfactor = 70);

create index vehicles_by_price on vehicles (price_cents, id);
create index vehicles_by_year on vehicles (year, id);
create index vehicles_by_brand on vehicles (lower(brand), id);

-- One row a purchase: what became of its wish for a vehicle. No reference to vehicles: a reservation may be refused
-- because there is no such vehicle, and a release that came before its reserve is kept as a tombstone ('released',
-- with a reason).
create table vehicle_reservations (
  transaction_id uuid primary key,
  vehicle_id bigint not null,
  customer_id bigint not null,
  status text not null check (status in ('reserved', 'refused', 'released', 'sold')),
  reason text,
  created_at timestamptz not null,
  ended_at timestamptz,
  check (case when status in ('reserved', 'sold') then reason is null when status = 'refused' then reason is not null else true end),
  check ((status = 'reserved') = (ended_at is null))
) with (fillfactor = 80);

-- What must never happen: two purchases that have one vehicle.
create unique index vehicle_reservations_one_live on vehicle_reservations (vehicle_id) where status in ('reserved', 'sold');
