-- A name without its accents and in small letters: Ágile is agile, however its characters are composed. By code points
-- alone, for an index that is ordered by ICU or the C library is corrupted by another version of it. Decompositions of
-- characters that exist never change (Unicode's stability policy).
create function folded(name text) returns text
  language sql immutable parallel safe strict
  as $$ select lower(regexp_replace(normalize(name, NFKD), U&'[\0300-\036F]' collate "C", '', 'g') collate "C") $$;
