-- What warranty claims had taken off the price when the vehicle was held for this return: the buyer has that already.
alter table vehicle_returns add column abated_cents bigint not null default 0;
