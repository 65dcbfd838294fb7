-- Search by words. What is typed is compared with the words that vehicles are known by, a few thousand however many
-- vehicles there are; vehicles are then found by those words themselves. Compared with every vehicle's own text (0002),
-- a page for words that many have took 130 to 1,300 ms among a million, and trigrams alone forgave few slips: of single
-- wrong letters in names of five letters a quarter, of swapped neighbours none (measured on 127 names of the trade).
-- needs the extension fuzzystrmatch

-- 'Honda HR-V' is honda, hrv, hr and v.
create function search_words(names text) returns text[]
  language sql immutable parallel safe strict
  as $$ select array(
    select distinct word
    from regexp_split_to_table(public.searchable(names), '\s+') as token,
      lateral (
        select regexp_replace(token, '[^[:alnum:]]+', '', 'g')
        union all
        select regexp_split_to_table(token, '[^[:alnum:]]+')
      ) as part (word)
    where word <> '' order by word) $$;

alter table vehicles drop column search, add column words text[] not null generated always as (search_words(brand || ' ' || model)) stored;
create index vehicles_words on vehicles using gin (words);

-- The offers stay a table of their own, at a price: of each vehicle, to be reserved and then sold takes 76 µs and 0.8 kB
-- of log; with partial indexes on the vehicles instead it is 108 µs and 1.9 kB, with neither 55 µs and 0.7 kB (32 vehicles
-- a transaction, a million in the table: bench/listing.ts).
alter table vehicle_offers drop column search, add column words text[] not null default '{}';
update vehicle_offers set words = vehicles.words from vehicles where vehicles.id = vehicle_offers.id;
alter table vehicle_offers alter column words drop default;
create index vehicle_offers_words on vehicle_offers using gin (words);

-- Every word that a vehicle has or had; one that none has any more finds nothing.
create table vehicle_words (
  word text collate "C" primary key,
  letters int not null generated always as (length(word)) stored
);

create index vehicle_words_alike on vehicle_words using gin (word gin_trgm_ops);
create index vehicle_words_by_length on vehicle_words (letters);

insert into vehicle_words (word) select distinct unnest(words) from vehicles;
