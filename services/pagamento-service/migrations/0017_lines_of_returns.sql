-- What the house pays beside the money of a returned purchase, and of a warranty. The check before this one goes in 0019.
alter table owed_items add constraint owed_items_reason_listed
  check (reason in ('refund_refused', 'refund_too_late', 'given_up', 'part_undone', 'trade_in_excess', 'transport', 'adjustment',
    'abatement')) not valid;

-- A debt is of a part that failed, or of damage on a vehicle that came back: a claim of its own, which lowers no refund.
alter table payment_debts alter column part_id drop not null;
alter table payment_debts add column reason text;
