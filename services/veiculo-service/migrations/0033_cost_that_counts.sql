-- What may be taken off a price is measured by what the vehicle has cost. Whoever lowers the cost lowers that measure too, so the
-- highest cost counts until an admin says another. Null: said before this was kept.
alter table vehicle_acquisitions add column highest_cost_cents bigint;
