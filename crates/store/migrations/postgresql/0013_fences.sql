-- Fences only grow, also across transactions that are rolled back.
create sequence if not exists fences as bigint
