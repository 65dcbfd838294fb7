-- The personal values of a person's entries go with that person, and in no other way: a service's role may not delete there, and has
-- this function for it. It runs with the rights of the owner.
create function forget_journal_words(whose text, whose_id text) returns void
  language sql security definer set search_path = public, pg_temp
  as $$ delete from journal_sealed where journal_id in (select id from journal where about = whose and about_id = whose_id) $$;
revoke execute on function forget_journal_words(text, text) from public;
