-- By the names that both releases know a duplicate by.
alter index if exists vehicles_plate_in_house rename to vehicles_plate_unique;
alter index if exists vehicles_chassi_in_house rename to vehicles_chassi_unique;
alter index if exists vehicles_renavam_in_house rename to vehicles_renavam_unique;
