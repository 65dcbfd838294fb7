-- outside a transaction
-- What people have moved by hand lately, for the audit. Purchases write no author, so they never touch it.
drop index concurrently if exists ledger_authored;
create index concurrently ledger_authored on ledger (at) where author is not null;
