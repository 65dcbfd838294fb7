-- What goes in and out of the till, one row a movement. A closing takes those that no closing has yet: what comes later, or commits
-- later, falls into the next one, and what is closed never changes.
create table closings (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('day', 'month')),
  -- `2026-11-23` or `2026-11`, as São Paulo counts
  period text not null,
  -- BRL cents by method, in less out
  totals jsonb not null,
  -- of a day: what was in the till before, what should be in it, and what was counted
  opening_cents bigint,
  withdrawn_cents bigint,
  expected_cents bigint,
  counted_cents bigint,
  -- what stays in it for the next day
  float_cents bigint check (float_cents >= 0 and float_cents <= counted_cents),
  reason text,
  closed_by text not null,
  closed_at timestamptz not null,
  check ((kind = 'day') = (counted_cents is not null)),
  check (kind = 'month' or counted_cents = expected_cents or reason is not null)
);
-- What must never happen: a day or a month that is closed twice.
create unique index closings_one_a_period on closings (kind, period);

create table till_entries (
  id bigint generated always as identity primary key,
  -- what it comes from, so that nothing is counted twice
  source text not null unique,
  method text not null,
  -- signed: out of the till is below zero
  amount_cents bigint not null,
  at timestamptz not null,
  closing_id bigint
);
create index till_entries_open on till_entries (at) where closing_id is null;
