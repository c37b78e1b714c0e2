-- What lists ask of all applications at once, without their rows: which keys more than one household has.
CREATE INDEX similar_shared ON similar_key (tenant, key, household, number);
