package io.dinp.common.daemon;

import io.dinp.common.config.ConfigException;
import io.dinp.common.config.Settings;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command line that all daemons share. */
public final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;

    private Daemon() {}

    /** A daemon without sub-commands; see the other {@code main}. */
    public static <C> void main(String name, String[] args, Function<Settings, C> config, Starter<C> starter) {
        main(name, args, config, starter, Map.of());
    }

    /**
     * Runs a daemon until SIGTERM or SIGINT, or does what the options say, and ends the process with its status.
     *
     * @param name short name, {@code server}
     * @param config makes the configuration of the settings; it need not verify them
     */
    public static <C> void main(
            String name,
            String[] args,
            Function<Settings, C> config,
            Starter<C> starter,
            Map<String, Command<C>> commands) {
        int status = run(name, List.of(args), config, starter, commands, System.out, System.err);
        System.exit(status);
    }

    static <C> int run(
            String name,
            List<String> args,
            Function<Settings, C> config,
            Starter<C> starter,
            Map<String, Command<C>> commands,
            PrintStream out,
            PrintStream err) {
        Options options = Options.parse(args, commands.keySet());
        if (!options.error().isEmpty()) {
            err.println(options.error());
            err.println(usage(name, commands));
            return WRONG_USE;
        }
        if (options.version()) {
            out.println("dinp-" + name + " " + version());
            return 0;
        }
        try {
            Settings settings = Settings.load(name, Path.of(options.file()), System.getenv());
            C made = config.apply(settings);
            settings.verify();
            settings.warnings().forEach(warning -> LOG.warn("configuration: {}", warning));
            if (options.check()) {
                out.println(options.file() + ": ok");
                return 0;
            }
            if (options.print()) {
                out.println(settings.printable());
                return 0;
            }
            if (!options.command().isEmpty()) {
                return commands.get(options.command()).run(made, options.rest());
            }
            return serve(name, made, starter);
        } catch (ConfigException e) {
            err.println("dinp-" + name + ": the configuration cannot be used:");
            e.errors().forEach(error -> err.println("  " + error));
            return FAILED;
        } catch (Exception e) {
            LOG.error("dinp-{} failed", name, e);
            return FAILED;
        }
    }

    private static <C> int serve(String name, C config, Starter<C> starter) throws Exception {
        Lifecycle life = new Lifecycle();
        Thread main = Thread.currentThread();
        Thread hook = new Thread(
                () -> {
                    LOG.info("dinp-{} stops", name);
                    main.interrupt();
                    life.stop();
                    LOG.info("dinp-{} has stopped", name);
                },
                "signal");
        Runtime.getRuntime().addShutdownHook(hook);
        LOG.info("dinp-{} {} starts", name, version());
        try {
            starter.start(config, life);
            LOG.info("dinp-{} runs", name);
            life.awaitStop();
            return 0;
        } catch (InterruptedException e) {
            return 0;
        } catch (Exception e) {
            life.stop();
            throw e;
        }
    }

    /** The version of this build, from the jar. */
    public static String version() {
        String version = Daemon.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static String usage(String name, Map<String, ?> commands) {
        List<String> lines = new ArrayList<>();
        lines.add("usage: dinp-" + name + " -c cfg.json [--check-config | --print-config]");
        commands.keySet().stream().sorted().forEach(c -> lines.add("       dinp-" + name + " -c cfg.json " + c + " …"));
        lines.add("       dinp-" + name + " -v");
        return String.join(System.lineSeparator(), lines);
    }
}
