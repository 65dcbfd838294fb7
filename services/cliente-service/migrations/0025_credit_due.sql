-- When credit that a purchase has used is to be repaid, where somebody has agreed on another day than the usual one.
alter table credit_holds add column due_on date;
