-- One row: the last signed checkpoint of the register, and the last fence that was given.
create table if not exists standing (
    standing_no integer primary key,
    checkpoint blob,
    fence integer not null,
    constraint standing_one check (standing_no = 1)
) strict
