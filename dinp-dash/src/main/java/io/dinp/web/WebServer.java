package io.dinp.web;

import com.jfinal.config.JFinalConfig;
import com.jfinal.core.JFinalFilter;
import com.jfinal.kit.PathKit;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletStackTraces;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import javax.servlet.DispatcherType;
import javax.servlet.ServletException;

/**
 * JFinal on Undertow, wired by hand: JFinal's own starter prints, refuses port 0 and ends the process when the port is
 * taken, which a daemon wants to say in its own words. JFinal's state is static, so there is one per process.
 */
public final class WebServer implements AutoCloseable {
    private static final int IO_THREADS = 2;
    private static final int WORKERS = 24;
    private static final long LONGEST_BODY = 1L << 20;
    private static final int IDLE_MILLIS = 60_000;

    private final DeploymentManager deployment;
    private final Undertow undertow;

    private WebServer(DeploymentManager deployment, Undertow undertow) {
        this.deployment = deployment;
        this.undertow = undertow;
    }

    /**
     * Serves {@code site} until closed.
     *
     * @param host address to listen on
     * @param port 0 takes a free one
     * @throws IllegalStateException when the site cannot be set up or the port is taken
     */
    public static WebServer start(JFinalConfig site, String host, int port) {
        try {
            DeploymentManager deployment = deploy(site);
            Undertow undertow = Undertow.builder()
                    .addHttpListener(port, host)
                    .setIoThreads(IO_THREADS)
                    .setWorkerThreads(WORKERS)
                    .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, LONGEST_BODY)
                    .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS)
                    .setHandler(deployment.start())
                    .build();
            undertow.start();
            return new WebServer(deployment, undertow);
        } catch (ServletException | RuntimeException e) {
            throw new IllegalStateException("cannot serve on " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    private static DeploymentManager deploy(JFinalConfig site) {
        // JFinal looks for the folder its classes lie in, and from jars there is none: say it before it searches.
        String folder = Path.of("").toAbsolutePath().toString();
        PathKit.setWebRootPath(folder);
        PathKit.setRootClassPath(folder);
        DeploymentInfo info = Servlets.deployment()
                .setClassLoader(WebServer.class.getClassLoader())
                .setContextPath("/")
                .setDeploymentName("dinp")
                .setEagerFilterInit(true)
                .setServletStackTraces(ServletStackTraces.NONE)
                .addFilter(Servlets.filter(
                        "jfinal", JFinalFilter.class, new ImmediateInstanceFactory<>(new JFinalFilter(site))))
                .addFilterUrlMapping("jfinal", "/*", DispatcherType.REQUEST);
        DeploymentManager deployment = Servlets.newContainer().addDeployment(info);
        deployment.deploy();
        return deployment;
    }

    /** The port that is listened on. */
    public int port() {
        return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() throws ServletException {
        undertow.stop();
        deployment.stop();
        deployment.undeploy();
    }
}
