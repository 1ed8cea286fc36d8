package io.dinp.web;

import com.jfinal.config.Constants;
import com.jfinal.config.Handlers;
import com.jfinal.config.Interceptors;
import com.jfinal.config.JFinalConfig;
import com.jfinal.config.Plugins;
import com.jfinal.config.Routes;
import com.jfinal.core.JFinal;
import com.jfinal.render.ErrorRender;
import com.jfinal.template.Engine;
import io.dinp.common.daemon.Health;
import java.util.List;
import java.util.Map;

/** One daemon's web face as JFinal wants it: its controllers behind the guard, its pages, its services. */
public final class Site extends JFinalConfig {
    private static final int FAULT = 500;

    private final Map<String, Class<? extends PageController>> controllers;
    private final Guard guard;
    private final Pages pages;
    private final List<Object> services;
    private final Health health;
    private final WebMetrics metrics;

    /**
     * A site.
     *
     * @param controllers first part of the path to the controller behind it
     * @param services what {@link PageController#service} gives to the controllers
     */
    public Site(
            Map<String, Class<? extends PageController>> controllers,
            Guard guard,
            Pages pages,
            List<Object> services,
            Health health,
            WebMetrics metrics) {
        this.controllers = controllers;
        this.guard = guard;
        this.pages = pages;
        this.services = List.copyOf(services);
        this.health = health;
        this.metrics = metrics;
    }

    @Override
    public void configConstant(Constants me) {
        me.setDevMode(false);
        me.setToSlf4jLogFactory();
        me.setInjectDependency(false);
        ErrorRender.setErrorHtmlContent(FAULT, "500\n");
    }

    @Override
    public void configRoute(Routes me) {
        controllers.forEach(me::add);
    }

    @Override
    public void configEngine(Engine me) {
        me.setToClassPathSourceFactory();
    }

    @Override
    public void configPlugin(Plugins me) {
        me.getPluginList().clear();
    }

    @Override
    public void configInterceptor(Interceptors me) {
        me.addGlobalActionInterceptor(guard);
    }

    @Override
    public void configHandler(Handlers me) {
        me.add(new Front(health, new Assets(), pages, metrics));
    }

    @Override
    public void onStart() {
        JFinal jfinal = JFinal.me();
        for (String key : jfinal.getAllActionKeys()) {
            Guard.accessOf(jfinal.getAction(key, new String[1]).getMethod());
        }
        jfinal.getServletContext().setAttribute(Pages.class.getName(), pages);
        for (Object service : services) {
            jfinal.getServletContext().setAttribute(service.getClass().getName(), service);
        }
    }
}
