-- Who read whose personal data unmasked, what of it, why and when: a chain, each entry of which holds the hash of the one
-- before (host/access-log/chain.ts). Entries are only ever added, in the transaction that reads what they tell of.
create table personal_data_access (
  -- its place in the chain: 1, 2, 3, without a gap
  id bigint primary key,
  at timestamptz not null,
  -- the token's, as the identity provider knows it
  subject text not null,
  role text not null,
  about text not null check (about in ('customer', 'vehicle')),
  about_id bigint not null,
  fields text[] not null check (cardinality(fields) > 0),
  reason text,
  previous_hash text not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  constraint personal_data_access_has_a_reason check (reason is not null or role not in ('staff', 'admin'))
);

create index personal_data_access_about on personal_data_access (about, about_id, id);

-- The chain's last link. Who adds an entry locks this row first, so that two never follow the same one.
create table personal_data_access_head (
  is_only boolean primary key default true check (is_only),
  id bigint not null,
  hash text not null
);
insert into personal_data_access_head (id, hash) values (0, repeat('0', 64));

create function refuse_to_change_history() returns trigger language plpgsql as $$
  begin raise exception '% is added to and never changed', tg_table_name using errcode = 'restrict_violation'; end $$;

create trigger personal_data_access_stays before update or delete on personal_data_access
  for each row execute function refuse_to_change_history();
create trigger personal_data_access_is_not_emptied before truncate on personal_data_access
  for each statement execute function refuse_to_change_history();
