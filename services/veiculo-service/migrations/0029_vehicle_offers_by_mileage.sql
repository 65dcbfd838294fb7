-- outside a transaction
drop index concurrently if exists vehicle_offers_by_mileage;
create index concurrently vehicle_offers_by_mileage on vehicle_offers (coalesce(mileage_km, 10000000), id);
