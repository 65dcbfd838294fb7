-- What is paid at the counter holds nothing here, as a Pix. The check before this one goes in 0024.
alter table credit_holds add constraint credit_holds_payment_type_known
  check (payment_type in ('cash', 'credit', 'pix', 'counter')) not valid;
