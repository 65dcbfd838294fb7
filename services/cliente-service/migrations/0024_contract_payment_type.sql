-- That of 0022 allows all that this did.
alter table credit_holds drop constraint credit_holds_payment_type_check;
