-- That of 0019 allows all that this did.
alter table vehicles drop constraint vehicles_status_check;
