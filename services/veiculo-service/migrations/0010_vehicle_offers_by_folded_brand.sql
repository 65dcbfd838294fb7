-- outside a transaction
drop index concurrently if exists vehicle_offers_by_folded_brand;
create index concurrently vehicle_offers_by_folded_brand on vehicle_offers (folded(brand) collate "C", id);
