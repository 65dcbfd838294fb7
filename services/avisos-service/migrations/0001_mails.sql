-- What is to be told by mail, a row an event: `message` is the event as it came, which holds no personal data. Address and words are
-- asked for when it is sent, and not kept; only where no mail server is set, in development, `content` holds them, sealed.
create table mails (
  id bigint generated always as identity primary key,
  -- the event and what is told of it: an event that comes again finds its row
  key text not null unique,
  kind text not null,
  subscription text not null,
  message json not null,
  status text not null default 'waiting' check (status in ('waiting', 'sent', 'kept', 'dropped', 'dead')),
  tries integer not null default 0,
  -- the next try; while one is under way, when another process may take it up
  due_at timestamptz not null,
  reason text,
  at timestamptz not null,
  done_at timestamptz,
  content text,
  constraint mails_done_or_waiting check ((status = 'waiting') = (done_at is null))
);

create index mails_due on mails (due_at) where status = 'waiting';

create index mails_done on mails (done_at) where done_at is not null;

-- Who does not want to be told what need not be told.
create table unsubscribed (
  customer_id bigint primary key,
  at timestamptz not null
);
