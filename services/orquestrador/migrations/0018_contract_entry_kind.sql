-- That of 0016 allows all that this did.
alter table report_entries drop constraint report_entries_kind_check;
