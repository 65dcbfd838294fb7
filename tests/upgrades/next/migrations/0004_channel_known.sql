alter table sagas validate constraint sagas_channel_known;
