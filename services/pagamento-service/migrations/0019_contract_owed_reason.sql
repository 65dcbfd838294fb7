-- That of 0017 allows all that this did.
alter table owed_items drop constraint owed_items_reason_known;
