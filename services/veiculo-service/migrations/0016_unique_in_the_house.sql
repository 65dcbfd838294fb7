-- outside a transaction
-- Unique among those in the house; and any, in the house or not, is found by its papers.
drop index concurrently if exists vehicles_plate_in_house;
create unique index concurrently vehicles_plate_in_house on vehicle_papers (plate_fingerprint) where in_house;
drop index concurrently if exists vehicle_papers_plate;
create index concurrently vehicle_papers_plate on vehicle_papers (plate_fingerprint);
drop index concurrently if exists vehicles_chassi_in_house;
create unique index concurrently vehicles_chassi_in_house on vehicle_papers (chassi_fingerprint) where in_house;
drop index concurrently if exists vehicle_papers_chassi;
create index concurrently vehicle_papers_chassi on vehicle_papers (chassi_fingerprint);
drop index concurrently if exists vehicles_renavam_in_house;
create unique index concurrently vehicles_renavam_in_house on vehicle_papers (renavam_fingerprint) where in_house;
drop index concurrently if exists vehicle_papers_renavam;
create index concurrently vehicle_papers_renavam on vehicle_papers (renavam_fingerprint);
