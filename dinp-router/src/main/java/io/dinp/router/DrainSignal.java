package io.dinp.router;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes SIGUSR1 stop the router as SIGTERM does, for operators of the original.
 *
 * <p>Java has no public way to take a signal; the JDK's own class is there on every JVM we know, and is asked for by name so that one
 * without it still starts.
 */
final class DrainSignal {
    private static final Logger log = LoggerFactory.getLogger(DrainSignal.class);

    private DrainSignal() {}

    static void install() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object stop = Proxy.newProxyInstance(
                    DrainSignal.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> {
                        if (method.getName().equals("handle")) {
                            new Thread(() -> System.exit(0), "drain").start();
                        }
                        return null;
                    });
            Object usr1 = signal.getConstructor(String.class).newInstance("USR1");
            signal.getMethod("handle", signal, handler).invoke(null, usr1, stop);
        } catch (ReflectiveOperationException e) {
            log.warn("SIGUSR1 does not drain on this JVM, use SIGTERM: {}", String.valueOf(e.getCause()));
        }
    }
}
