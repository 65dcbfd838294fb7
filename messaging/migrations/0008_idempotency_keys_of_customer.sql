-- Whose data an answer holds, so that it goes when theirs is erased.
alter table idempotency_keys add column customer_id bigint;
create index idempotency_keys_of_customer on idempotency_keys (customer_id) where customer_id is not null;
