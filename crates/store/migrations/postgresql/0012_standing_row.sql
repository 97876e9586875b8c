insert into standing (standing_no, checkpoint) values (1, null) on conflict do nothing
