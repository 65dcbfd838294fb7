-- Of which sale was told already that its vehicle waits, and for how many days.
create table pickup_waits (
  vehicle_id bigint not null,
  sold_at timestamptz not null,
  days int not null,
  told_at timestamptz not null,
  primary key (vehicle_id, sold_at, days)
);
