-- outside a transaction
-- What somebody has written down of a customer within a day is added up at each part, and a car comes in once.
drop index concurrently if exists payment_parts_of_customer;
create index concurrently payment_parts_of_customer on payment_parts (customer_id, created_at);
drop index concurrently if exists payment_parts_of_trade_in;
create index concurrently payment_parts_of_trade_in on payment_parts (trade_in_vehicle_id) where trade_in_vehicle_id is not null;
