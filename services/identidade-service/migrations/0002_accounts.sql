-- What an account may do and whose it is, beside the library's own tables. E-mail, name, document and registration lie sealed.
create table accounts (
  id bigint generated always as identity primary key,
  user_id text not null unique references "user" ("id") on delete cascade,
  role text not null check (role in ('customer', 'staff', 'admin')),
  scope text check (scope in ('seller', 'operator')),
  -- one account a customer: the second to ask is refused by the database
  customer_id bigint constraint accounts_customer_unique unique,
  email text not null,
  -- an address that is being changed to, until the library has changed it
  pending_email text,
  email_changed_at timestamptz,
  -- of staff, who have no customer record to hold them
  name text,
  document text,
  document_fingerprint text,
  -- what a person signed up with, until the customer is made of it
  registration text,
  -- cliente-service knows this document or e-mail already: to be claimed
  registration_refused boolean not null default false,
  created_at timestamptz not null,
  deactivated_at timestamptz,
  deactivated_by text,
  handed_to text references accounts (user_id),
  constraint accounts_scope_of_staff check ((role = 'staff') = (scope is not null)),
  constraint accounts_customer_of_customers check (customer_id is null or role = 'customer')
);

create index accounts_without_customer on accounts (id) where role = 'customer' and customer_id is null and registration is not null;

-- Who has asked for an account and has not proven the address yet. `is_known`: the address has an account; no code opens this one.
create table sign_ups (
  id bigint generated always as identity primary key,
  handle uuid not null unique,
  email_fingerprint text not null,
  email text not null,
  registration text not null,
  password_hash text not null,
  is_known boolean not null,
  created_at timestamptz not null
);

create index sign_ups_by_address on sign_ups (email_fingerprint, created_at);

-- Codes of six digits: a keyed hash, bound to what they are for by its id.
create table codes (
  subject uuid primary key,
  code_hash text not null,
  tries_left integer not null check (tries_left >= 0),
  expires_at timestamptz not null,
  used_at timestamptz
);

create index codes_by_end on codes (expires_at);

-- What avisos-service is to tell: it asks for address and words at sending time.
create table notices (
  id bigint generated always as identity primary key,
  handle uuid not null unique,
  kind text not null,
  address_fingerprint text not null,
  email text not null,
  content text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create index notices_by_address on notices (address_fingerprint, created_at);

create index notices_by_end on notices (expires_at);
