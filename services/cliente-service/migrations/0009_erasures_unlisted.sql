-- outside a transaction
drop index concurrently if exists customer_erasures_unlisted;
create index concurrently customer_erasures_unlisted on customer_erasures (customer_id) where listed_at is null and open_account is null;
