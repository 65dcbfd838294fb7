-- Purchases that were under way when proofs of payment came carry none. What had been reserved by then, and for a day while the release
-- before still serves, is sold without; in a new database nothing is.
create table sales_without_proof (
  reserved_before timestamptz not null
);

insert into sales_without_proof (reserved_before)
  select case when exists (select from vehicle_reservations) then now() + interval '1 day' else '-infinity' end;
