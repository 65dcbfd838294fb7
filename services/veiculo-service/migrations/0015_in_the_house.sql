-- A car comes back: traded in, bought back. What identifies vehicles is unique among those in the house alone; one that was picked up
-- leaves it, until a return of it opens. Those picked up before this are found out when their papers are offered again.
alter table vehicle_papers add column in_house boolean not null default true;

-- The vehicle that the same car was when it was here before.
alter table vehicles add column previous_vehicle_id bigint;
