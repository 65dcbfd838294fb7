alter table credit_holds validate constraint credit_holds_status_known;
alter table ledger validate constraint ledger_kind_listed;
