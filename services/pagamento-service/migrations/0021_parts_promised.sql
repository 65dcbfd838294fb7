-- outside a transaction
-- Money that was promised and has not come is looked for every day, in few of many rows.
drop index concurrently if exists payment_parts_promised;
create index concurrently payment_parts_promised on payment_parts (id) where state = 'promised';
