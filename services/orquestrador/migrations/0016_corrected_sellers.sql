-- Sellers that were corrected: what stood with some is entered back, and entered for the others.
alter table report_entries add constraint report_entries_kind_known
  check (kind in ('sale', 'return', 'cost', 'failure', 'sellers')) not valid;
