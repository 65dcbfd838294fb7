-- Who paid a code over HTTP, or confirmed that it was paid, as in `staff maria`; null where the provider told, or the purchase held the
-- money. Of purchases that staff made, the author stands with the purchase.
alter table payments add column paid_by text;
