-- A person's data is found by their number: for their copy of it (LGPD, art. 18), and to erase it.
create index payment_codes_of_customer on payment_codes (customer_id);
create index unmatched_payments_of_transaction on unmatched_payments (transaction_id) where transaction_id is not null;
