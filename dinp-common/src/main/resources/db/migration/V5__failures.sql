-- Why deploys were given up, with the last output of the instance that failed. Times are epoch milliseconds.

CREATE TABLE IF NOT EXISTS failure (
    app_name  VARCHAR(64)   NOT NULL,
    at        BIGINT        NOT NULL,
    revision  CHAR(64)      NOT NULL,
    stage     VARCHAR(16)   NOT NULL,
    reason    VARCHAR(1024) NOT NULL DEFAULT '',
    node      VARCHAR(45)   NOT NULL DEFAULT '',
    instance  VARCHAR(64)   NOT NULL DEFAULT '',
    exit_code INT           NULL DEFAULT NULL,
    oom       TINYINT       NOT NULL DEFAULT 0,
    log       MEDIUMTEXT    NULL,
    PRIMARY KEY (app_name, at),
    KEY idx_failure_at (at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;
