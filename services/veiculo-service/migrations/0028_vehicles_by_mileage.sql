-- outside a transaction
drop index concurrently if exists vehicles_by_mileage;
create index concurrently vehicles_by_mileage on vehicles (coalesce(mileage_km, 10000000), id);
