-- Whose account a customer's is: made once an account, whatever is asked again; and what the counter has seen proven.
create table account_customers (
  account_id uuid primary key,
  customer_id bigint not null constraint account_customers_customer_unique unique references customers (id),
  at timestamptz not null
);
