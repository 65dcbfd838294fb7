-- That of 0020 allows all that this did.
alter table vehicles drop constraint vehicles_status_check;
