-- That of 0012 allows all that this did.
alter table vehicle_reservations drop constraint vehicle_reservations_status_check;
