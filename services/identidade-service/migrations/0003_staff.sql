-- Who works here: how much discount they may give, for good or lent until a date, and which customer record is their own.
alter table accounts add column discount_limit integer;
alter table accounts add column lent_discount_limit integer;
alter table accounts add column lent_until timestamptz;
alter table accounts add column own_customer_id bigint;

-- Links by which somebody becomes staff: each opens once, until its end. The link itself is kept nowhere.
create table invitations (
  id bigint generated always as identity primary key,
  token_hash text not null unique,
  role text not null check (role in ('staff', 'admin')),
  scope text check (scope in ('seller', 'operator')),
  email text not null,
  name text not null,
  document text,
  address_fingerprint text not null,
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint invitations_scope_of_staff check ((role = 'staff') = (scope is not null))
);

create index invitations_by_end on invitations (expires_at);
