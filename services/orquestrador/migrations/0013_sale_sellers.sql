-- Who sells what: by this sellers find their own sales, and whose customer somebody is. Beside the purchases, so that nothing
-- is added to a row that every step writes.
create table sale_sellers (
  -- the token's subject, as the identity provider knows it
  seller text not null,
  transaction_id uuid not null,
  primary key (seller, transaction_id),
  unique (transaction_id, seller)
);

insert into sale_sellers (seller, transaction_id)
  select substr(data ->> 'began_by', 7), transaction_id from sagas
  where definition = 'purchase' and data ->> 'began_by' like 'staff %';
