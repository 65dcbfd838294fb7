-- Answers that were given under an Idempotency-Key, each committed with its effect (host/idempotency.ts).
create table idempotency_keys (
  scope text not null,
  key text not null,
  request_hash text not null,
  answer json not null,
  at timestamptz not null default now(),
  primary key (scope, key)
);

create index idempotency_keys_at on idempotency_keys (at);
