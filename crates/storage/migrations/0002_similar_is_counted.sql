-- What is similar to a case changes with other cases, so it is counted when it is read.
ALTER TABLE case_row DROP COLUMN "similar";
