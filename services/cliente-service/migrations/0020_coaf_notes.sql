-- What an admin noted or reported about a suspicion (Lei 9.613). Telling the person is forbidden (art. 11), so this is in no history, in no
-- copy of a person's data and in no list of who read it. It outlives its customer, whom the archive names.
create table coaf_notes (
  id bigint generated always as identity primary key,
  customer_id bigint not null,
  kind text not null check (kind in ('note', 'report')),
  -- sealed
  words text not null,
  transaction_id uuid,
  -- of a report: by which COAF finds it
  protocol text,
  written_by text not null,
  at timestamptz not null,
  unique (customer_id, id)
);
