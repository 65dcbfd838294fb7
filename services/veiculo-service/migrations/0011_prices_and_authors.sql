-- What a vehicle was offered at, since when, and by whose word: how far a price has come down is judged by it.
create table vehicle_prices (
  vehicle_id bigint not null references vehicles,
  id bigint generated always as identity,
  price_cents bigint not null check (price_cents > 0),
  at timestamptz not null,
  -- null: from before prices had an author
  author text,
  -- by which a second person, or an admin alone, let it happen
  approval_id uuid,
  primary key (vehicle_id, id)
);
insert into vehicle_prices (vehicle_id, price_cents, at) select id, price_cents, created_at from vehicles;
create index vehicle_prices_at on vehicle_prices (at);

-- Who sold it by hand, and who took it off sale. A purchase's own author is in its saga.
alter table vehicles
  add column sold_by text,
  add column withdrawn_by text;
