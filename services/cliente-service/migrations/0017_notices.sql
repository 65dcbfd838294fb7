-- What avisos-service is to tell a customer. `email`, sealed: the address before, which is told that it is not used any more; null:
-- the one that the customer has when it is told.
create table notices (
  id bigint generated always as identity primary key,
  handle uuid not null unique,
  customer_id bigint not null,
  kind text not null,
  email text,
  -- told once a day, however often it happens
  day date not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create unique index notices_once_a_day on notices (customer_id, kind, day) where email is null;

create index notices_by_end on notices (expires_at);
