-- What became of a dead letter: an operator had it handled after all, or gave it up; who, when and why.
alter table dead_letters add column status text not null default 'waiting'
  check (status in ('waiting', 'replayed', 'discarded'));
alter table dead_letters add column tried_at timestamptz;
alter table dead_letters add column tried_by text;
alter table dead_letters add column settled_at timestamptz;
alter table dead_letters add column settled_by text;
alter table dead_letters add column settled_because text;
alter table dead_letters add constraint dead_letters_settled_by_someone
  check ((status = 'waiting') = (settled_at is null) and (settled_at is null) = (settled_by is null));

create index dead_letters_listed on dead_letters (status, id);
create index dead_letters_settled on dead_letters (settled_at) where settled_at is not null;
