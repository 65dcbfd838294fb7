-- One row a return: what became of its wish to have a purchase's vehicle back. A release that came before its hold is kept as
-- a tombstone ('released', with a reason).
create table vehicle_returns (
  return_id uuid primary key,
  purchase_id uuid not null,
  vehicle_id bigint not null,
  customer_id bigint not null,
  status text not null check (status in ('held', 'refused', 'released', 'taken_back')),
  reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check (case when status in ('held', 'taken_back') then reason is null when status = 'refused' then reason is not null else true end)
);

-- What must never happen: two returns of one purchase.
create unique index vehicle_returns_one_live on vehicle_returns (purchase_id) where status in ('held', 'taken_back');

-- The return for which a sold vehicle is held: it is not handed over meanwhile.
alter table vehicles add column return_id uuid;
alter table vehicles add constraint vehicles_returned_from_a_sale
  check (return_id is null or status in ('sold', 'picked_up')) not valid;

-- A purchase whose vehicle came back has it no more, for good.
alter table vehicle_reservations add constraint vehicle_reservations_status_known
  check (status in ('reserved', 'refused', 'released', 'sold', 'returned')) not valid;
