-- What of a returned purchase a warranty had given back before: the return gives back the rest.
alter table credit_holds add column abated_cents bigint not null default 0;
