-- The tables of the original. One of its databases holds some of them, with dashboard, uic and builder apart even
-- only a few: what is there stays as it is.

CREATE TABLE IF NOT EXISTS app (
    id         INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(64)  NOT NULL,
    creator    INT UNSIGNED NOT NULL,
    team_id    INT UNSIGNED NOT NULL DEFAULT 0,
    team_name  VARCHAR(64)  NOT NULL DEFAULT '',
    image      VARCHAR(255) NOT NULL DEFAULT '',
    memory     INT          NOT NULL DEFAULT 256,
    instance   INT          NOT NULL DEFAULT 0,
    status     TINYINT      NOT NULL DEFAULT 0,
    health     VARCHAR(128) NOT NULL DEFAULT '',
    UNIQUE KEY idx_app_name (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS domain (
    id           INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    domain       VARCHAR(255) NOT NULL,
    team_id      INT UNSIGNED NOT NULL DEFAULT 0,
    team_name    VARCHAR(64)  NOT NULL DEFAULT '',
    app_id       INT UNSIGNED NOT NULL DEFAULT 0,
    app_name     VARCHAR(64)  NOT NULL DEFAULT '',
    creator      INT UNSIGNED NOT NULL DEFAULT 0,
    creator_name VARCHAR(64)  NOT NULL DEFAULT '',
    bind_user_id VARCHAR(64)  NOT NULL DEFAULT '',
    bind_at      TIMESTAMP    NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE KEY idx_domain_domain (domain)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS env (
    id       INT UNSIGNED  NOT NULL AUTO_INCREMENT PRIMARY KEY,
    k        VARCHAR(128)  NOT NULL,
    v        VARCHAR(1024) NOT NULL DEFAULT '',
    app_id   INT UNSIGNED  NOT NULL,
    app_name VARCHAR(64)   NOT NULL,
    KEY idx_env_app_name (app_name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS history (
    id        INT UNSIGNED  NOT NULL AUTO_INCREMENT PRIMARY KEY,
    app_id    INT UNSIGNED  NOT NULL,
    app_name  VARCHAR(64)   NOT NULL,
    resume    VARCHAR(255)  NOT NULL DEFAULT '',
    image     VARCHAR(1024) NOT NULL DEFAULT '',
    create_at TIMESTAMP     NOT NULL DEFAULT CURRENT_TIMESTAMP,
    KEY idx_history_app (app_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS build (
    id        INT UNSIGNED  NOT NULL AUTO_INCREMENT PRIMARY KEY,
    app       VARCHAR(64)   NOT NULL,
    version   VARCHAR(64)   NOT NULL,
    resume    VARCHAR(255)  NOT NULL DEFAULT '',
    base      VARCHAR(1024) NOT NULL DEFAULT '',
    image     VARCHAR(1024) NOT NULL DEFAULT '',
    tarball   VARCHAR(1024) NOT NULL DEFAULT '',
    repo      VARCHAR(255)  NOT NULL DEFAULT '',
    branch    VARCHAR(64)   NOT NULL DEFAULT '',
    status    VARCHAR(255)  NOT NULL DEFAULT 'saved in db',
    user_id   INT UNSIGNED  NOT NULL DEFAULT 0,
    user_name VARCHAR(64)   NOT NULL DEFAULT '',
    create_at TIMESTAMP     NOT NULL DEFAULT CURRENT_TIMESTAMP,
    KEY idx_build_user (user_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS user (
    id      INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name    VARCHAR(64)  NOT NULL,
    passwd  VARCHAR(32)  NOT NULL,
    cnname  VARCHAR(128) NOT NULL DEFAULT '',
    email   VARCHAR(255) NOT NULL DEFAULT '',
    phone   VARCHAR(32)  NOT NULL DEFAULT '',
    im      VARCHAR(64)  NOT NULL DEFAULT '',
    qq      VARCHAR(32)  NOT NULL DEFAULT '',
    role    TINYINT      NOT NULL DEFAULT 0,
    creator INT UNSIGNED NOT NULL DEFAULT 0,
    created TIMESTAMP    NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE KEY idx_user_name (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS team (
    id      INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name    VARCHAR(64)  NOT NULL,
    resume  VARCHAR(255) NOT NULL DEFAULT '',
    creator INT UNSIGNED NOT NULL DEFAULT 0,
    created TIMESTAMP    NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE KEY idx_team_name (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS rel_team_user (
    id  INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tid INT UNSIGNED NOT NULL,
    uid INT UNSIGNED NOT NULL,
    KEY idx_rel_team (tid),
    KEY idx_rel_user (uid)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS session (
    id      INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    uid     INT UNSIGNED NOT NULL DEFAULT 0,
    sig     VARCHAR(32)  NOT NULL,
    expired INT UNSIGNED NOT NULL DEFAULT 0,
    KEY idx_session_uid (uid),
    KEY idx_session_sig (sig)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;
