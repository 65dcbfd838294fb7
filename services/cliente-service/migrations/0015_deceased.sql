-- Who has died is blocked, and what is theirs is handed to nobody but a representative.
alter table customers add column is_deceased boolean not null default false;
