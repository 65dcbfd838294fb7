-- outside a transaction
-- Those of 0016 say it of vehicles in the house; the release before needs no more.
drop index concurrently if exists vehicles_plate_unique;
drop index concurrently if exists vehicles_chassi_unique;
drop index concurrently if exists vehicles_renavam_unique;
