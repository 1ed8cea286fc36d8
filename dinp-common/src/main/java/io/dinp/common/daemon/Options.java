package io.dinp.common.daemon;

import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** A parsed command line; {@code error} is empty when it is well formed. */
record Options(
        String file, boolean version, boolean check, boolean print, String command, List<String> rest, String error) {

    static Options parse(List<String> args, Set<String> commands) {
        String file = "cfg.json";
        boolean version = false;
        boolean check = false;
        boolean print = false;
        for (Iterator<String> it = args.iterator(); it.hasNext(); ) {
            String arg = it.next();
            switch (arg) {
                case "-c" -> {
                    if (!it.hasNext()) {
                        return wrong("-c needs a file");
                    }
                    file = it.next();
                }
                case "-v" -> version = true;
                case "--check-config" -> check = true;
                case "--print-config" -> print = true;
                default -> {
                    if (!commands.contains(arg)) {
                        return wrong("'" + arg + "' is not known");
                    }
                    List<String> rest = args.subList(args.indexOf(arg) + 1, args.size());
                    return new Options(file, version, check, print, arg, List.copyOf(rest), "");
                }
            }
        }
        return new Options(file, version, check, print, "", List.of(), "");
    }

    private static Options wrong(String error) {
        return new Options("", false, false, false, "", List.of(), error);
    }
}
