-- Systems of other companies that are told how purchases end (webhooks/). The secrets sign: they cannot be kept as hashes.
create table webhook_subscriptions (
  id bigint generated always as identity primary key,
  url text not null,
  events text[] not null check (cardinality(events) > 0),
  description text,
  secret text not null,
  old_secret text,
  old_secret_until timestamptz,
  disabled_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- One row an event and subscription. While it is being sent, `due_at` is the end of the lease: if its sender dies, it is due then.
create table webhook_deliveries (
  id bigint generated always as identity primary key,
  subscription_id bigint not null references webhook_subscriptions on delete cascade,
  event_id uuid not null,
  type text not null,
  transaction_id uuid not null,
  body text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts int not null default 0,
  failures int not null default 0,
  due_at timestamptz,
  leased_until timestamptz,
  last_status_code int,
  last_error text,
  created_at timestamptz not null,
  finished_at timestamptz,
  unique (subscription_id, event_id),
  check ((status = 'pending') = (due_at is not null)),
  check ((status = 'pending') = (finished_at is null))
);

create index webhook_deliveries_due on webhook_deliveries (subscription_id, due_at) where status = 'pending';
create index webhook_deliveries_listed on webhook_deliveries (subscription_id, id);
create index webhook_deliveries_finished on webhook_deliveries (finished_at) where finished_at is not null;
