-- Those of 0012 allow all that these did.
alter table credit_holds drop constraint credit_holds_status_check;
alter table ledger drop constraint ledger_kind_known;
