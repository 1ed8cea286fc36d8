-- The tables of this platform. Times are epoch milliseconds.

CREATE TABLE IF NOT EXISTS revision (
    id         CHAR(64)     NOT NULL PRIMARY KEY,
    app_name   VARCHAR(64)  NOT NULL,
    image      VARCHAR(255) NOT NULL,
    digest     VARCHAR(128) NOT NULL DEFAULT '',
    memory     INT          NOT NULL,
    env        MEDIUMTEXT   NOT NULL,
    deploy_seq INT          NOT NULL DEFAULT 0,
    created_at BIGINT       NOT NULL,
    KEY idx_revision_app (app_name, created_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS rollout (
    app_name   VARCHAR(64)   NOT NULL PRIMARY KEY,
    target     CHAR(64)      NOT NULL,
    last_good  CHAR(64)      NOT NULL DEFAULT '',
    state      VARCHAR(16)   NOT NULL,
    status     TINYINT       NOT NULL DEFAULT 0,
    reason     VARCHAR(1024) NOT NULL DEFAULT '',
    started_at BIGINT        NOT NULL,
    deadline   BIGINT        NOT NULL,
    crashes    INT           NOT NULL DEFAULT 0,
    next_start BIGINT        NOT NULL DEFAULT 0,
    updated_at BIGINT        NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS node (
    ip         VARCHAR(45) NOT NULL PRIMARY KEY,
    identity   VARCHAR(64) NOT NULL DEFAULT '',
    agent_port INT         NOT NULL DEFAULT 0,
    state      VARCHAR(16) NOT NULL,
    last_seen  BIGINT      NOT NULL,
    labels     TEXT        NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS router (
    id        VARCHAR(64) NOT NULL PRIMARY KEY,
    last_seen BIGINT      NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS event (
    id       BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
    at       BIGINT        NOT NULL,
    kind     VARCHAR(32)   NOT NULL,
    app_name VARCHAR(64)   NOT NULL DEFAULT '',
    instance VARCHAR(64)   NOT NULL DEFAULT '',
    node     VARCHAR(45)   NOT NULL DEFAULT '',
    reason   VARCHAR(1024) NOT NULL DEFAULT '',
    KEY idx_event_app (app_name, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;
