insert into standing (standing_no, checkpoint, fence) values (1, null, 0) on conflict do nothing
