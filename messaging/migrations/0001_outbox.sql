-- Messages that this service has committed and the bus has not yet taken over (messaging/outbox/outbox.ts).
create table outbox (
  id bigint generated always as identity primary key,
  message json not null,
  at timestamptz not null default clock_timestamp()
);

-- Messages that this service could not handle, with the reason, for an operator to look at and replay (messaging/dead-letters.ts).
create table dead_letters (
  id bigint generated always as identity primary key,
  subscription text not null,
  message_id text not null,
  message json not null,
  reason text not null,
  attempts int not null,
  at timestamptz not null default now(),
  unique (subscription, message_id)
);
