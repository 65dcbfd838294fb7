-- A code whose charge lies with a provider that is asked over the network has the `txid` of that charge. What the provider
-- is to be asked next is recorded before it is asked, so that a restart goes on with it; while it is being asked,
-- `task_due_at` is the end of the lease.
alter table payment_codes
  add column txid text check (txid ~ '^[A-Za-z0-9]{26,35}$'),
  add column task text check (task in ('issue', 'void', 'expire')),
  add column task_due_at timestamptz,
  add column task_attempts int not null default 0,
  add constraint payment_codes_task_due check ((task is null) = (task_due_at is null)),
  add constraint payment_codes_task_open check (task is null or (status = 'pending' and txid is not null));

create unique index payment_codes_txid on payment_codes (txid) where txid is not null;
create index payment_codes_tasks on payment_codes (task_due_at) where task_due_at is not null;

-- The payment of a code that was closed before it came is on record beside that code, and refunded by itself.
alter table payments
  add column end_to_end_id text,
  add column refund_due_at timestamptz,
  add column refund_attempts int not null default 0,
  add column refund_failures int not null default 0,
  add column refunded_at timestamptz,
  add constraint payments_refund_due check (refund_due_at is null or status = 'completed');

-- One Pix pays one code.
create unique index payments_end_to_end_id on payments (end_to_end_id) where end_to_end_id is not null;
create index payments_refunds on payments (refund_due_at) where refund_due_at is not null;

-- Money that came in and is nobody's payment: given back by itself, or parked until an operator has it given back.
create table unmatched_payments (
  id bigint generated always as identity primary key,
  reason text not null check (reason in ('wrong_amount', 'paid_twice', 'code_closed', 'not_pix', 'unknown_code',
    'end_to_end_id_reused')),
  status text not null check (status in ('parked', 'refunding', 'refunded')),
  payment_code text references payment_codes (code),
  transaction_id uuid,
  txid text,
  end_to_end_id text,
  amount_cents bigint not null check (amount_cents > 0),
  received_at timestamptz not null,
  refund_due_at timestamptz,
  refund_attempts int not null default 0,
  refund_failures int not null default 0,
  refund_failure text,
  refunded_at timestamptz,
  created_at timestamptz not null,
  check ((status = 'refunding') = (refund_due_at is not null)),
  check ((status = 'refunded') = (refunded_at is not null)),
  check (end_to_end_id is not null or payment_code is not null)
);

-- However often a provider tells of it, it is one row.
create unique index unmatched_payments_pix on unmatched_payments (end_to_end_id) where end_to_end_id is not null;
create unique index unmatched_payments_code on unmatched_payments (payment_code) where end_to_end_id is null;
create index unmatched_payments_refunds on unmatched_payments (refund_due_at) where refund_due_at is not null;
create index unmatched_payments_listed on unmatched_payments (status, id);
