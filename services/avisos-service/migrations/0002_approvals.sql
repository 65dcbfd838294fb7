-- Approvals whose deciders were told that they wait: each once.
create table approvals_told (
  approval_id uuid primary key,
  at timestamptz not null
);

create index approvals_told_by_time on approvals_told (at);
