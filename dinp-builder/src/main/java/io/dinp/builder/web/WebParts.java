package io.dinp.builder.web;

import io.dinp.builder.BuildQueue;
import io.dinp.builder.BuilderConfig;
import io.dinp.builder.core.ImageNaming;
import io.dinp.builder.files.BuildLogs;
import io.dinp.builder.files.Templates;
import io.dinp.builder.mysql.BuildStore;
import io.dinp.common.daemon.Health;
import io.dinp.common.sso.CsrfTokens;
import io.dinp.common.sso.SsoClient;
import java.util.function.BooleanSupplier;

/**
 * All that the pages stand on, handed to the controllers by the web server.
 *
 * @param ready whether the database is there and has the schema this version needs
 */
public record WebParts(
        BuilderConfig config,
        Templates templates,
        ImageNaming naming,
        BuildStore store,
        BuildLogs logs,
        BuildQueue queue,
        SsoClient sso,
        CsrfTokens csrf,
        Health health,
        BooleanSupplier ready) {}
