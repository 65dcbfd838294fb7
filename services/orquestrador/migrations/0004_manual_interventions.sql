-- The few purchases that wait for an operator, found without a look at the others. A column of its own, because an index that
-- names the status would have to follow every change of it: this one stays false, so updates stay on the row's page (HOT).
alter table sagas add column needs_operator boolean
  generated always as (status = 'FAILED_REQUIRES_MANUAL_INTERVENTION') stored;

create index sagas_needing_operator on sagas (transaction_id) where needs_operator;
