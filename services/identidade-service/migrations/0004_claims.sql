-- Which record of the counter an account claims: bound to both by the code’s subject. Proven, it is tied until it is told.
create table claims (
  user_id text primary key references "user" ("id") on delete cascade,
  subject uuid not null unique,
  customer_id bigint not null,
  document_fingerprint text not null,
  created_at timestamptz not null,
  proven_at timestamptz
);

-- A proven change of an account's e-mail, until its customer has it too.
alter table accounts add column email_to_carry boolean not null default false;
