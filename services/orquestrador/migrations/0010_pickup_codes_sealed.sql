-- The pickup code of a sold vehicle lies sealed, apart from the saga's data, and goes once the vehicle is picked up; a sale's answer
-- that comes after that brings none back. What SQL can't seal the service seals at its next start (purchases/pickup-code-store.ts).
alter table sagas add column pickup_code text, add column picked_up_at timestamptz;
