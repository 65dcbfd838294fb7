-- Who a customer is, sealed field by field (platform/vault/vault.ts), apart from the account that purchases draw on: an account's
-- row, which every purchase writes, carries none of it, and a new data key touches no account.
create table people (
  customer_id bigint primary key references customers,
  name text not null,
  email text not null,
  phone text not null,
  document text not null,
  birth_date text,
  driver_license text,
  address text,
  refund_pix_key text,
  -- keyed hashes: unique, and to be found by
  document_fingerprint text not null,
  email_fingerprint text not null
);

alter table customers drop constraint customers_document_unique;
drop index customers_email_unique;
create unique index customers_document_unique on people (document_fingerprint);
create unique index customers_email_unique on people (email_fingerprint);

-- What SQL can't seal, for it has no key, the service seals at its next start (plain-people-store.ts). The columns are empty
-- from then on; a later migration drops them.
alter table customers
  alter column name drop not null,
  alter column email drop not null,
  alter column phone drop not null,
  alter column document drop not null;
create index customers_plain on customers (id) where document is not null;
