-- A person's holds are found by their number, whatever their status: for their copy, and to tell what is still going on.
drop index credit_holds_of_customer;
create index credit_holds_of_customer on credit_holds (customer_id);
