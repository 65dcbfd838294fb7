-- That of 0024 allows all that this did.
alter table payment_parts drop constraint payment_parts_state_check;
