-- Whether an erasure is on the list outside the databases (rights/erasure-list.ts).
alter table customer_erasures add column listed_at timestamptz;
