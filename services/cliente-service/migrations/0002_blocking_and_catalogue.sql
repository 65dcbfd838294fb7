-- Why and since when a customer may not buy. Only a blocked customer has a reason.
alter table customers
  add column blocked_reason text,
  add column blocked_at timestamptz,
  add constraint customers_reason_only_when_blocked
    check (status = 'blocked' or (blocked_reason is null and blocked_at is null));

-- What is on sale and what was bought, told by events of other services, which come repeated, late and in any order.
-- A row without a price knows no facts of its vehicle yet: it only keeps the newest revision for when they come.
create table vehicle_catalogue (
  vehicle_id bigint primary key,
  status text not null check (status in ('available', 'reserved', 'withdrawn', 'sold')),
  -- of the message that last decided the status
  revision bigint not null default 0,
  -- of the message that last told the facts
  facts_revision bigint not null default 0,
  brand text,
  model text,
  year int,
  color text,
  price_cents bigint,
  -- a completed purchase: from then on the status stays 'sold'
  transaction_id uuid,
  buyer_id bigint,
  paid_cents bigint,
  bought_at timestamptz,
  check ((facts_revision = 0) = (price_cents is null)),
  check (num_nulls(transaction_id, buyer_id, paid_cents, bought_at) in (0, 4)),
  check (transaction_id is null or status = 'sold')
) with (fillfactor = 80);

create index vehicle_catalogue_on_sale on vehicle_catalogue (price_cents, vehicle_id)
  where status = 'available' and price_cents is not null;
create index vehicle_catalogue_of_buyer on vehicle_catalogue (buyer_id, paid_cents, vehicle_id) where buyer_id is not null;
