-- Where a purchase was made. Old processes do not name it: they mean the web.
alter table sagas add column channel text not null default 'web';
