-- How many customers each person who works here has been shown, by the hour: the trace of reading in bulk, and what its limit counts.
create table customer_readings (
  subject text not null,
  hour timestamptz not null,
  role text not null,
  customers int not null,
  primary key (subject, hour)
);
create index customer_readings_by_hour on customer_readings (hour);
