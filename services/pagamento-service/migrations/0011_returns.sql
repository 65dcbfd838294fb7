-- The return by which a payment goes back: from then on no other command moves it.
alter table payments add column return_id uuid;

-- Money that is somebody's and can't go back by itself: a Pix that its provider refuses to give back, what an operator has given up.
-- Staff settle it, and say how.
create table owed_items (
  id bigint generated always as identity primary key,
  -- what it comes from, so that nothing is owed twice
  source text not null unique,
  transaction_id uuid not null,
  return_id uuid,
  customer_id bigint not null,
  amount_cents bigint not null check (amount_cents > 0),
  reason text not null check (reason in ('refund_refused', 'refund_too_late', 'given_up')),
  status text not null check (status in ('open', 'settled')),
  created_at timestamptz not null,
  settled_at timestamptz,
  settled_by text,
  settled_method text,
  settled_reference text,
  check ((status = 'settled') = (settled_at is not null and settled_by is not null))
);

create index owed_items_listed on owed_items (status, id);
create index owed_items_of_transaction on owed_items (transaction_id);
