-- Customers are found by the beginnings of the words of their names: keyed hashes of them, for the names lie sealed.
create table name_beginnings (
  print text not null,
  customer_id bigint not null references customers,
  primary key (print, customer_id)
);
create index name_beginnings_of_customer on name_beginnings (customer_id);

-- Whether they are there: of those registered before this, the service writes them at its next start (customers/beginnings-store.ts).
alter table people add column has_beginnings boolean not null default false;
