-- Who has other systems told; null of those that were subscribed before this was kept.
alter table webhook_subscriptions add column created_by text;
