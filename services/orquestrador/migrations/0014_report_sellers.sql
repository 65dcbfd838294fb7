-- A sale that several people made, by their shares; null: all of it is the seller's.
alter table report_entries add column sellers jsonb;
