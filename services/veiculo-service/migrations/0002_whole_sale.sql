-- Counts the changes of a vehicle, so that those who hear of them late or twice know which came last.
alter table vehicles add column revision bigint not null default 1;

-- A vehicle sold by hand is picked up with a code like any other.
alter table vehicles drop constraint vehicles_pickup_code_of_a_buyer;
alter table vehicles add constraint vehicles_pickup_code_of_a_sold_one check (pickup_code is null or status in ('sold', 'picked_up'));

-- Who took it, and how often the code was guessed wrong.
alter table vehicles add column received_by text;
alter table vehicles add column pickup_failures int not null default 0;
alter table vehicles add column pickup_locked_until timestamptz;
alter table vehicles add constraint vehicles_received_when_picked_up check (received_by is null or status = 'picked_up');

-- Search forgives accents and typos.
-- needs the extensions unaccent, pg_trgm

-- `unaccent` is only stable, because its dictionary may be changed; ours is not. An index needs it immutable.
create function searchable(words text) returns text
  language sql immutable parallel safe strict
  as $$ select lower(public.unaccent('public.unaccent'::regdictionary, words)) $$;

alter table vehicles add column search text generated always as (searchable(brand || ' ' || model)) stored;
create index vehicles_search on vehicles using gin (search gin_trgm_ops);

-- What is on sale, for lists of it: a row exists exactly while its vehicle is available. A table of its own rather than
-- indexes on the vehicles' status: with those, both updates of each purchase would have to touch every index of the row.
create table vehicle_offers (
  id bigint primary key references vehicles,
  brand text not null,
  model text not null,
  year int not null,
  price_cents bigint not null,
  search text not null
);

create index vehicle_offers_by_price on vehicle_offers (price_cents, id);
create index vehicle_offers_by_year on vehicle_offers (year, id);
create index vehicle_offers_by_brand on vehicle_offers (lower(brand), id);
create index vehicle_offers_search on vehicle_offers using gin (search gin_trgm_ops);

insert into vehicle_offers (id, brand, model, year, price_cents, search)
select id, brand, model, year, price_cents, search from vehicles where status = 'available';

-- The few that are reserved at a time.
create index vehicle_reservations_reserved on vehicle_reservations (vehicle_id) where status = 'reserved';
