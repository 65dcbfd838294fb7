alter table vehicles validate constraint vehicles_status_known;
