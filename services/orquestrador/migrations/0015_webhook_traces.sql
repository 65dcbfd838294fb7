-- The W3C trace context of the event that a delivery tells of; null outside any trace.
alter table webhook_deliveries add column traceparent text;
