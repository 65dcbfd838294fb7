-- outside a transaction
drop index concurrently if exists vehicles_terms;
create index concurrently vehicles_terms on vehicles using gin (terms);
