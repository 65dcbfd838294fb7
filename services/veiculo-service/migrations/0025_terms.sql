-- What people look for besides brand and model: version, colour, body and years are words too. A column beside `words`, which is
-- generated of brand and model alone and cannot be changed without writing every row anew; kept by a trigger, so that the release
-- before this fills it too. It does not fire when a purchase changes who has the vehicle.
create function vehicle_terms() returns trigger
  language plpgsql
  -- on one line: a semicolon at the end of a line ends a statement for whoever runs this file
  as $$ begin new.terms := search_words(concat_ws(' ', new.version, new.color, new.body, new.year, new.model_year)); return new; end $$;

alter table vehicles add column terms text[] not null default '{}';
create trigger vehicles_terms before insert or update of version, color, body, year, model_year on vehicles
  for each row execute function vehicle_terms();

alter table vehicle_offers add column terms text[] not null default '{}', add column mileage_km int;
