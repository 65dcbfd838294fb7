-- A part that came by Pix goes back by its provider once its purchase is undone: its id there, what of the part goes back (null: all of
-- it, of one that went back before this was kept), and how the refund stands.
alter table payment_parts
  add column end_to_end_id text,
  add column back_cents bigint,
  add column refund_due_at timestamptz,
  add column refund_attempts int not null default 0,
  add column refund_failures int not null default 0,
  add column refunded_at timestamptz,
  -- of a financing or a card: when the bank was told that the purchase is undone, and by whom
  add column bank_told_at timestamptz,
  add column bank_told_by text;
alter table payment_parts add constraint payment_parts_state_known
  check (state in ('asked', 'promised', 'received', 'reversed', 'failed', 'cancelled', 'refunding', 'refunded', 'owed')) not valid;
-- What must never happen: more goes back than came, or a refund is due of a part that is not on its way back.
alter table payment_parts add constraint payment_parts_back_at_most_paid
  check (back_cents between 0 and amount_cents) not valid;
alter table payment_parts add constraint payment_parts_refund_due
  check ((state = 'refunding') = (refund_due_at is not null)) not valid;

-- What of a returned payment a warranty had given back before: the return gives back the rest.
alter table payments add column abated_cents bigint not null default 0;
