-- The photos of a vehicle; their files lie outside, by their hash.
create table vehicle_photos (
  id bigint generated always as identity primary key,
  vehicle_id bigint not null references vehicles,
  hash text not null,
  width int not null,
  height int not null,
  placeholder text not null,
  place int not null,
  author text not null,
  at timestamptz not null,
  constraint vehicle_photos_once unique (vehicle_id, hash)
);
create index vehicle_photos_by_hash on vehicle_photos (hash);
