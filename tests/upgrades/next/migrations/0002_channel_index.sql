-- outside a transaction
-- The few purchases that were made in a store, to be listed.
drop index concurrently if exists sagas_in_store;
create index concurrently sagas_in_store on sagas (transaction_id) where channel = 'store';
