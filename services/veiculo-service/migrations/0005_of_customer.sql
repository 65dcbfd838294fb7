-- A person's data is found by their number: for their copy of it (LGPD, art. 18), and to erase it.
create index vehicle_reservations_of_customer on vehicle_reservations (customer_id);
