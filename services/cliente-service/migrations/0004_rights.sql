-- A person's holds are found by their number, whatever their status: for their copy, and to tell what is still going on.
drop index credit_holds_of_customer;
create index credit_holds_of_customer on credit_holds (customer_id);

-- One row a person whose data was erased: what is kept without them, why and until when; and what is told to the other
-- services, under ids that their answers name: first that the person goes, then, once all periods are over, the records.
create table customer_erasures (
  customer_id bigint primary key references customers,
  person_id uuid not null unique,
  requested_at timestamptz not null,
  requested_by text not null,
  retained jsonb not null,
  keep_until timestamptz,
  records_id uuid unique,
  records_erased_at timestamptz,
  -- when the other services were last told; null once all have answered
  told_at timestamptz,
  check ((records_id is null) = (records_erased_at is null)),
  check ((jsonb_array_length(retained) > 0) = (keep_until is not null))
);

create index customer_erasures_kept on customer_erasures (keep_until) where records_id is null and told_at is null;
create index customer_erasures_unanswered on customer_erasures (told_at) where told_at is not null;

-- Which service has erased what it held, under the id that it was told by.
create table customer_erasure_answers (
  erasure_id uuid not null,
  service text not null,
  at timestamptz not null,
  primary key (erasure_id, service)
);

-- Every consent given or withdrawn, to which text and when: proof of it is ours to have (LGPD, art. 8, § 2º). What holds now
-- is customers.consents.
create table customer_consents (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers,
  purpose text not null,
  given boolean not null,
  text_version text not null,
  at timestamptz not null,
  recorded_by text not null
);

create index customer_consents_of_customer on customer_consents (customer_id, id);

-- Which fields of a person were corrected, by whom and when; never what they said.
create table customer_corrections (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers,
  fields text[] not null check (cardinality(fields) > 0),
  reason text,
  at timestamptz not null,
  recorded_by text not null
);

create index customer_corrections_of_customer on customer_corrections (customer_id, id);
