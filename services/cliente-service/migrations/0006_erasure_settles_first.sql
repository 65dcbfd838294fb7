-- An erasure with an open account waits until it is settled: the person stays known until then, without profile and consents.
alter table customer_erasures
  add column open_account jsonb,
  -- when to ask again whether it is settled
  add column look_at timestamptz;

-- Who was behind records that the law has kept, sealed field by field: opened by an admin alone, for a reason, on record
-- (rights/archive-http.ts), and gone with the records.
create table identity_archive (
  customer_id bigint primary key references customers,
  name text not null,
  document text not null,
  address text,
  archived_at timestamptz not null
);

-- Whose block outlives them: a keyed hash of the document, so that it meets who comes back with it. The reason is sealed.
create table blocked_documents (
  id bigint primary key references customers,
  document_fingerprint text not null unique,
  blocked_reason text,
  blocked_at timestamptz not null
);
