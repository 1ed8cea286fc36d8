package io.dinp.builder.web;

import com.jfinal.config.Constants;
import com.jfinal.config.Handlers;
import com.jfinal.config.Interceptors;
import com.jfinal.config.JFinalConfig;
import com.jfinal.config.Plugins;
import com.jfinal.config.Routes;
import com.jfinal.core.Controller;
import com.jfinal.core.ControllerFactory;
import com.jfinal.handler.Handler;
import com.jfinal.template.Engine;
import java.util.Map;
import java.util.function.Function;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Routes, templates and the ways of JFinal that the builder changes. */
final class WebConfig extends JFinalConfig {
    private static final Logger LOG = LoggerFactory.getLogger(WebConfig.class);
    private static final Map<Class<?>, Function<WebParts, Controller>> CONTROLLERS = Map.of(
            BuildController.class, BuildController::new,
            SignOnController.class, SignOnController::new,
            ServiceController.class, ServiceController::new);
    private static final String PAGE =
            "<!doctype html><title>%1$s</title><link rel=stylesheet href=/assets/builder.css>"
                    + "<main><h1>%1$s</h1><p>%2$s <a href=/>To the builder</a></main>";

    private final WebParts parts;

    WebConfig(WebParts parts) {
        this.parts = parts;
    }

    @Override
    public void configConstant(Constants constants) {
        constants.setDevMode(false);
        constants.setToSlf4jLogFactory();
        constants.setErrorHtmlContent(404, String.format(PAGE, "404", "There is no such page."));
        constants.setErrorHtmlContent(500, String.format(PAGE, "500", "The builder's log tells more."));
        constants.setErrorJsonContent(404, "{\"msg\":\"there is no such page\"}");
        constants.setControllerFactory(new ControllerFactory() {
            @Override
            public Controller getController(Class<? extends Controller> type) {
                return CONTROLLERS.get(type).apply(parts);
            }
        });
    }

    @Override
    public void configRoute(Routes routes) {
        routes.add("/", BuildController.class, "/");
        routes.add("/sso", SignOnController.class, "/");
        routes.add("/service", ServiceController.class, "/");
    }

    @Override
    public void configEngine(Engine engine) {
        engine.setDevMode(false);
        engine.setToClassPathSourceFactory();
        engine.setBaseTemplatePath("pages");
        engine.setOutputDirectiveFactory(new EscapedOutput());
        engine.addSharedFunction("layout.html");
    }

    @Override
    public void configPlugin(Plugins plugins) {
        // the database is dinp-common's, which may be away when the builder starts
    }

    @Override
    public void configInterceptor(Interceptors interceptors) {
        interceptors.addGlobalActionInterceptor(new Gate());
    }

    @Override
    public void configHandler(Handlers handlers) {
        handlers.add(new Outermost());
    }

    /** Maps the contract's short paths and keeps an {@code Error}'s stack trace from the browser. */
    private static final class Outermost extends Handler {
        private static final Map<String, String> SERVICE =
                Map.of("/health", "/service/health", "/metrics", "/service/metrics", "/logout", "/service/logout");

        @Override
        public void handle(String target, HttpServletRequest request, HttpServletResponse response, boolean[] handled) {
            try {
                next.handle(SERVICE.getOrDefault(target, target), request, response, handled);
            } catch (LinkageError | StackOverflowError | AssertionError e) {
                LOG.error("request broke path={}", target, e);
                handled[0] = true;
                response.setStatus(500);
            }
        }
    }
}
