-- The one before says the same; the release before needs neither.
alter table payment_codes drop constraint payment_codes_code_check;
