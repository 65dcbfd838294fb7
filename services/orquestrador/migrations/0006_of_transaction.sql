-- Who was told of a purchase is found by the purchase: for the list of those with whom a person's data was shared.
create index webhook_deliveries_of_transaction on webhook_deliveries (transaction_id);
