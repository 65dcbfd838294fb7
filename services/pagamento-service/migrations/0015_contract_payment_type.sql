-- Those of 0013 allow all that these did.
alter table payment_codes drop constraint payment_codes_payment_type_check;
alter table owed_items drop constraint owed_items_reason_check;
