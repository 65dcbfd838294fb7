-- A customer whom staff registers may have no e-mail. When an e-mail was proven and when it last changed decide what is mailed
-- there, and whether an account may claim the record. `representative`: who acts for a minor or a company, sealed.
alter table people alter column email drop not null;
alter table people alter column email_fingerprint drop not null;
alter table people add column representative text;
alter table people add column email_proven_at timestamptz;
alter table people add column email_changed_at timestamptz;
