-- The history of a purchase that ended long ago, in one row instead of seven, and out of the way of those under way.
create table saga_history_archive (
  transaction_id uuid primary key,
  lines json not null
);

-- What is read: wherever a line lies.
create view saga_history_whole as
  select transaction_id, id, at, step, status, what, attempt, reason from saga_history
  union all
  select transaction_id, line.id, line.at, line.step, line.status, line.what, line.attempt, line.reason
  from saga_history_archive, json_to_recordset(lines)
    as line (id bigint, at timestamptz, step text, status text, what text, attempt int, reason text);
