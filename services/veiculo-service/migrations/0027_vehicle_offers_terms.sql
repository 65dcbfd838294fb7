-- outside a transaction
drop index concurrently if exists vehicle_offers_terms;
create index concurrently vehicle_offers_terms on vehicle_offers using gin (terms);
