-- One text for SQLite and PostgreSQL: whole numbers and text only. Days and moments are ISO 8601, bytes hexadecimal.
-- Every row but those of `session` and `throttle` begins with its municipality.

CREATE TABLE tenant (
    id       TEXT   NOT NULL PRIMARY KEY,
    name     TEXT   NOT NULL,
    settings TEXT   NOT NULL
);

-- The record. Never updated, never deleted but by disposal.
CREATE TABLE event (
    tenant   TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    stream   TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    at       TEXT   NOT NULL,
    actor    TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (tenant, kind, stream, version)
);

-- The fold of a stream's events, in the transaction that appended them.
CREATE TABLE stream (
    tenant   TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    at       TEXT   NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (tenant, kind, id)
);

CREATE TABLE audit (
    tenant   TEXT   NOT NULL,
    seq      BIGINT NOT NULL,
    at       TEXT   NOT NULL,
    actor    TEXT   NOT NULL,
    action   TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    detail   TEXT   NOT NULL,
    mac      TEXT   NOT NULL,
    PRIMARY KEY (tenant, seq)
);
CREATE INDEX audit_subject ON audit (tenant, subject, seq);
CREATE INDEX audit_actor ON audit (tenant, actor, seq);

CREATE TABLE audit_head (
    tenant   TEXT   NOT NULL PRIMARY KEY,
    seq      BIGINT NOT NULL,
    mac      TEXT   NOT NULL
);

CREATE TABLE counter (
    tenant   TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    value    BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- Rows of the lists of applications, made from the case in the transaction that changes it.
CREATE TABLE case_row (
    tenant       TEXT   NOT NULL,
    number       TEXT   NOT NULL,
    household    TEXT   NOT NULL,
    child        TEXT   NOT NULL,
    round        TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    channel      TEXT   NOT NULL,
    arrived      TEXT   NOT NULL,
    on_time      BIGINT NOT NULL,
    entered      TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    kana         TEXT   NOT NULL,
    name_key     TEXT   NOT NULL,
    kana_key     TEXT   NOT NULL,
    birth        TEXT   NOT NULL,
    age          BIGINT NOT NULL,
    first_choice TEXT   NOT NULL,
    stage        TEXT   NOT NULL,
    points       BIGINT,
    points_text  TEXT   NOT NULL,
    unconfirmed  BIGINT NOT NULL,
    corrections  BIGINT NOT NULL,
    papers       BIGINT NOT NULL,
    certified    TEXT   NOT NULL,
    protected    BIGINT NOT NULL,
    PRIMARY KEY (tenant, number)
);
CREATE INDEX case_household ON case_row (tenant, household);
CREATE INDEX case_round_number ON case_row (tenant, round, number);
CREATE INDEX case_round_stage ON case_row (tenant, round, stage, number);
CREATE INDEX case_round_arrived ON case_row (tenant, round, arrived, number);
CREATE INDEX case_round_kana ON case_row (tenant, round, kana_key, number);
CREATE INDEX case_round_points ON case_row (tenant, round, points, number);
CREATE INDEX case_round_birth ON case_row (tenant, round, birth, number);

-- Accounts that a case is closed to (own family).
CREATE TABLE case_closed (
    tenant    TEXT NOT NULL,
    household TEXT NOT NULL,
    account   TEXT NOT NULL,
    PRIMARY KEY (tenant, household, account)
);

-- Keys by which two entries of one child meet.
CREATE TABLE similar_key (
    tenant    TEXT NOT NULL,
    key       TEXT NOT NULL,
    number    TEXT NOT NULL,
    household TEXT NOT NULL,
    PRIMARY KEY (tenant, key, number)
);
CREATE INDEX similar_household ON similar_key (tenant, household);

CREATE TABLE login (
    tenant   TEXT NOT NULL,
    login    TEXT NOT NULL,
    account  TEXT NOT NULL,
    PRIMARY KEY (tenant, login)
);

-- Passwords and passkeys: not events, so that they can be deleted.
CREATE TABLE secret (
    tenant   TEXT NOT NULL,
    account  TEXT NOT NULL,
    id       TEXT NOT NULL,
    kind     TEXT NOT NULL,
    body     TEXT NOT NULL,
    created  TEXT NOT NULL,
    PRIMARY KEY (tenant, account, id)
);

CREATE TABLE session (
    id       TEXT NOT NULL PRIMARY KEY,
    tenant   TEXT NOT NULL,
    account  TEXT NOT NULL,
    body     TEXT NOT NULL,
    created  TEXT NOT NULL,
    expires  TEXT NOT NULL
);
CREATE INDEX session_account ON session (tenant, account);

-- Failed attempts, by account and by address.
CREATE TABLE throttle (
    key      TEXT   NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    until    TEXT   NOT NULL
);

-- A form that came in after its session had ended: kept, sealed, until its account signs in again.
CREATE TABLE held_form (
    tenant   TEXT NOT NULL,
    id       TEXT NOT NULL,
    account  TEXT NOT NULL,
    path     TEXT NOT NULL,
    body     TEXT NOT NULL,
    expires  TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE job (
    tenant   TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    state    TEXT   NOT NULL,
    input    TEXT   NOT NULL,
    done     BIGINT NOT NULL,
    total    BIGINT NOT NULL,
    cancel   BIGINT NOT NULL,
    result   TEXT   NOT NULL,
    actor    TEXT   NOT NULL,
    created  TEXT   NOT NULL,
    finished TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX job_state ON job (state, created);

CREATE TABLE saved_view (
    tenant   TEXT NOT NULL,
    id       TEXT NOT NULL,
    owner    TEXT NOT NULL,
    room     TEXT NOT NULL,
    name     TEXT NOT NULL,
    query    TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);
