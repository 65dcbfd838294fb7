-- A pickup code lies sealed for who may see it, and as a keyed hash to be compared with (reservations/issued-codes.ts); once the
-- vehicle is picked up both are gone. What SQL can't seal, for it has no key, the service seals at its next start
-- (reservations/plain-codes-store.ts).
alter table vehicles add column pickup_print text;

-- Wrong codes that one person has typed within the last hour, at whichever vehicle.
create table pickup_guesses (
  subject text primary key,
  failures int not null,
  since timestamptz not null
);
create index pickup_guesses_old on pickup_guesses (since);
