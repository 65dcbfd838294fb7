-- outside a transaction
drop index concurrently if exists people_without_beginnings;
create index concurrently people_without_beginnings on people (customer_id) where not has_beginnings;
