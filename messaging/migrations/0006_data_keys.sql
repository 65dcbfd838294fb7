-- The keys that personal fields are sealed with, each wrapped by a key-encryption key that lies elsewhere (platform/vault/vault.ts).
-- One of each purpose is current; a retired one still opens what it has sealed, until nothing is left of that.
create table data_keys (
  id int generated always as identity primary key,
  purpose text not null check (purpose in ('seal', 'fingerprint')),
  wrapped text not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz,
  emptied_at timestamptz,
  check (emptied_at is null or retired_at is not null)
);

create unique index data_keys_current on data_keys (purpose) where retired_at is null;
