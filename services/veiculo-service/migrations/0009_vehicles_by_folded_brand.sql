-- outside a transaction
drop index concurrently if exists vehicles_by_folded_brand;
create index concurrently vehicles_by_folded_brand on vehicles (folded(brand) collate "C", id);
