-- One row: the last signed checkpoint of the register. It is locked by whoever seals.
create table if not exists standing (
    standing_no bigint not null primary key,
    checkpoint bytea,
    constraint standing_one check (standing_no = 1)
)
