-- What identifies a vehicle, sealed field by field (platform/vault/vault.ts), apart from the row that every purchase writes: that
-- row is smaller than before, and a new data key touches no vehicle on sale.
create table vehicle_papers (
  vehicle_id bigint primary key references vehicles,
  license_plate text not null,
  chassi_number text not null,
  renavam text not null,
  -- keyed hashes; that of the plate is of its Mercosul form, for ABC1234 and ABC1C34 are the same car
  plate_fingerprint text not null,
  chassi_fingerprint text not null,
  renavam_fingerprint text not null
);

alter table vehicles
  drop column plate_mercosul,
  drop constraint vehicles_chassi_unique,
  drop constraint vehicles_renavam_unique,
  drop constraint vehicles_renavam_check;
create unique index vehicles_plate_unique on vehicle_papers (plate_fingerprint);
create unique index vehicles_chassi_unique on vehicle_papers (chassi_fingerprint);
create unique index vehicles_renavam_unique on vehicle_papers (renavam_fingerprint);

-- What SQL can't seal, for it has no key, the service seals at its next start (plain-papers-store.ts). The columns are empty
-- from then on; a later migration drops them.
alter table vehicles
  alter column license_plate drop not null,
  alter column chassi_number drop not null,
  alter column renavam drop not null;
create index vehicles_plain on vehicles (id) where license_plate is not null;
