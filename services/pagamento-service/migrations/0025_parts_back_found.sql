-- outside a transaction
drop index concurrently if exists payment_parts_refunds;
create index concurrently payment_parts_refunds on payment_parts (refund_due_at) where refund_due_at is not null;
-- One Pix pays once.
drop index concurrently if exists payment_parts_end_to_end_id;
create unique index concurrently payment_parts_end_to_end_id on payment_parts (end_to_end_id)
  where end_to_end_id is not null and state <> 'reversed';
