-- From now on; 0004 looks at what is there already, without keeping anybody from it.
alter table sagas add constraint sagas_channel_known check (channel in ('web', 'store')) not valid;
