-- What each audit has compared and found. One runs at a time; one whose process died is told by its silence.
create table audits (
  id bigint generated always as identity primary key,
  status text not null check (status in ('running', 'finished', 'failed', 'abandoned')),
  -- Only purchases that began from then on; null: all.
  since timestamptz,
  began_by text not null,
  began_at timestamptz not null,
  heard_at timestamptz not null,
  ended_at timestamptz,
  compared json not null,
  findings_total int not null default 0,
  -- The first thousand.
  findings json not null,
  failure text,
  check ((status = 'running') = (ended_at is null))
);

create unique index audits_one_at_a_time on audits ((true)) where status = 'running';
