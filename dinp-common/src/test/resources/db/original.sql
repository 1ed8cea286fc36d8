-- Tables as the original's dashboard and builder make them, the dashboard's before its column health was added.
CREATE TABLE app (
    id        INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name      VARCHAR(64)  NOT NULL UNIQUE,
    creator   INT UNSIGNED NOT NULL,
    team_id   INT UNSIGNED NOT NULL DEFAULT 0,
    team_name VARCHAR(64)  NOT NULL DEFAULT '',
    image     VARCHAR(255) NOT NULL DEFAULT '',
    memory    INT          NOT NULL DEFAULT 256,
    instance  INT          NOT NULL DEFAULT 0 COMMENT 'instance count',
    status    TINYINT      NOT NULL DEFAULT 0,
    KEY idx_app_team (team_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8 COLLATE = utf8_general_ci;
CREATE TABLE domain (
    id           INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    domain       VARCHAR(255) NOT NULL UNIQUE,
    team_id      INT UNSIGNED NOT NULL DEFAULT 0,
    team_name    VARCHAR(64)  NOT NULL DEFAULT '',
    app_id       INT UNSIGNED NOT NULL DEFAULT 0,
    app_name     VARCHAR(64)  NOT NULL DEFAULT '',
    creator      INT UNSIGNED NOT NULL,
    creator_name VARCHAR(64)  NOT NULL,
    bind_user_id VARCHAR(64)  NOT NULL,
    bind_at      TIMESTAMP    NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    KEY idx_domain_app_id (app_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8 COLLATE = utf8_general_ci;
CREATE TABLE env (
    id       INT UNSIGNED  NOT NULL AUTO_INCREMENT PRIMARY KEY,
    k        VARCHAR(128)  NOT NULL,
    v        VARCHAR(1024) NOT NULL,
    app_id   INT UNSIGNED  NOT NULL,
    app_name VARCHAR(64)   NOT NULL,
    KEY idx_env_app_id (app_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8 COLLATE = utf8_general_ci;
CREATE TABLE history (
    id        INT UNSIGNED  NOT NULL AUTO_INCREMENT PRIMARY KEY,
    app_id    INT UNSIGNED  NOT NULL,
    app_name  VARCHAR(64)   NOT NULL,
    resume    VARCHAR(255)  NOT NULL DEFAULT '',
    image     VARCHAR(1024) NOT NULL DEFAULT '',
    create_at TIMESTAMP     NOT NULL DEFAULT CURRENT_TIMESTAMP,
    KEY idx_history_app_id (app_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8 COLLATE = utf8_general_ci;
CREATE TABLE build (
    id        INT UNSIGNED  NOT NULL AUTO_INCREMENT PRIMARY KEY,
    app       VARCHAR(64)   NOT NULL DEFAULT '',
    version   VARCHAR(64)   NOT NULL DEFAULT '',
    resume    VARCHAR(255)  NOT NULL DEFAULT '',
    base      VARCHAR(1024) NOT NULL DEFAULT '',
    image     VARCHAR(1024) NOT NULL DEFAULT '',
    tarball   VARCHAR(1024) NOT NULL DEFAULT '',
    repo      VARCHAR(255)  NOT NULL DEFAULT '',
    branch    VARCHAR(64)   NOT NULL DEFAULT '' COMMENT 'branch or tag',
    status    VARCHAR(255)  NOT NULL DEFAULT 'saved in db',
    user_id   INT UNSIGNED  NOT NULL,
    user_name VARCHAR(64)   NOT NULL,
    create_at DATETIME      NOT NULL,
    KEY idx_build_app (app),
    KEY idx_build_user_id (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8 COLLATE = utf8_general_ci;
INSERT INTO app (name, creator, image, memory, instance) VALUES ('demo', 1, 'registry:5000/root/demo:1', 128, 2);
INSERT INTO env (k, v, app_id, app_name) VALUES ('DSN', 'old', 1, 'demo'), ('dsn', 'lower', 1, 'demo'), ('DSN', 'new', 1, 'demo');
INSERT INTO domain (domain, app_id, app_name, creator, creator_name, bind_user_id) VALUES ('www.example.org', 1, 'demo', 1, 'root', '1');
INSERT INTO history (app_id, app_name, image) VALUES (1, 'demo', 'registry:5000/root/demo:1');
INSERT INTO build (app, version, user_id, user_name, create_at) VALUES ('demo', '1', 1, 'root', '2015-03-01 12:00:00');
