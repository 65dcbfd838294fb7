-- A code that nobody was shown is voided at once; its charge, if there is one, is closed behind that.
alter table payment_codes
  drop constraint payment_codes_task_open,
  add constraint payment_codes_task_open
    check (task is null or (txid is not null and (status = 'pending' or (status = 'voided' and task = 'void'))));
