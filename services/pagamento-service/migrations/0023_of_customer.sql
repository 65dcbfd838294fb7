-- outside a transaction
-- What somebody has settled of a customer within a day is added up at each settlement.
drop index concurrently if exists owed_items_of_customer;
create index concurrently owed_items_of_customer on owed_items (customer_id, id);
drop index concurrently if exists payment_debts_of_customer;
create index concurrently payment_debts_of_customer on payment_debts (customer_id, id);
