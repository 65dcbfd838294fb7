-- outside a transaction
drop index concurrently if exists customer_erasures_waiting;
create index concurrently customer_erasures_waiting on customer_erasures (look_at) where look_at is not null;
