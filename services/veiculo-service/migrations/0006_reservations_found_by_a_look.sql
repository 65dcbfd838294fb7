-- outside a transaction
-- As pagamento-service's 0010: a person's reservations are asked for a few times a day, and written by every purchase.
drop index concurrently if exists vehicle_reservations_of_customer;
