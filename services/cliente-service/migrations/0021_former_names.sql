-- Under which name somebody bought, who is called otherwise since: papers of the sale bear it. It goes with the records that it belongs to.
create table former_names (
  id bigint generated always as identity primary key,
  customer_id bigint not null,
  -- sealed
  name text not null,
  until timestamptz not null,
  unique (customer_id, id)
);
