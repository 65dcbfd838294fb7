-- What those who work here have done: a chain like the access log's (host/chain/chain.ts). Entries are only ever added, in the
-- transaction of the change that they tell of.
create table journal (
  -- its place in the chain: 1, 2, 3, without a gap
  id bigint primary key,
  at timestamptz not null,
  -- the token's, as the identity provider knows it
  subject text not null,
  role text not null,
  act text not null check (act ~ '^[a-z_]{3,60}$'),
  about text not null,
  about_id text not null,
  reason text,
  -- JSON, without personal values
  before text,
  after text,
  -- of what is sealed in journal_sealed; null: nothing is
  sealed_hash text check (sealed_hash ~ '^[0-9a-f]{64}$'),
  -- the approval by which it was done
  approval_id uuid,
  previous_hash text not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$')
);

create index journal_about on journal (about, about_id, id);

-- The chain's last link. Who adds an entry locks this row first, so that two never follow the same one.
create table journal_head (
  is_only boolean primary key default true check (is_only),
  id bigint not null,
  hash text not null
);
insert into journal_head (id, hash) values (0, repeat('0', 64));

create trigger journal_stays before update or delete on journal
  for each row execute function refuse_to_change_history();
create trigger journal_is_not_emptied before truncate on journal
  for each statement execute function refuse_to_change_history();

-- The personal values of an entry, sealed, apart from the chain: a new data key seals them anew, and they go with their
-- person, while the chain stays as it is.
create table journal_sealed (
  journal_id bigint primary key references journal,
  words text not null
);

-- What one person asked for and another decides, or what an admin decided alone.
create table approvals (
  id uuid primary key,
  kind text not null check (kind ~ '^[a-z_]{3,60}$'),
  about text not null,
  about_id text not null,
  -- what is to be done, and what its rule rested on when it was asked: JSON, without personal values
  request text not null,
  rests_on text not null,
  reason text,
  asked_by text not null,
  asked_role text not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  status text not null default 'waiting' check (status in ('waiting', 'approved', 'rejected', 'alone')),
  decided_by text,
  decided_role text,
  decided_at timestamptz,
  decided_because text,
  check ((status = 'waiting') = (decided_at is null)),
  check ((decided_by is null) = (decided_at is null)),
  constraint approvals_decided_by_somebody_else
    check (status not in ('approved', 'rejected') or decided_by <> asked_by)
);

create index approvals_about on approvals (about, about_id, id);
create index approvals_waiting on approvals (id) where status = 'waiting';
create index approvals_alone on approvals (decided_at) where status = 'alone';
