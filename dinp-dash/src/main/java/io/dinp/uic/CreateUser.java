package io.dinp.uic;

import io.dinp.common.db.Database;
import io.dinp.uic.core.Account;
import io.dinp.uic.user.Passwords;
import io.dinp.uic.user.UserService;
import io.dinp.uic.user.UserValidator;
import io.dinp.web.BadInput;
import io.dinp.web.Fields;
import io.dinp.web.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code dinp-uic -c cfg.json create-user <name> [--role user|admin|root] [--password-stdin]}: makes the first user, who
 * cannot be made in the browser. The password comes from standard input or the variable {@value #VARIABLE}, so that it
 * is in no process list. A user who exists is left as he is.
 */
final class CreateUser {
    /** Where the password is when it does not come by standard input. */
    static final String VARIABLE = "DINP_NEW_PASSWORD";

    private static final int WRONG_USE = 2;
    private static final String USAGE =
            "usage: dinp-uic -c cfg.json create-user <name> [--role user|admin|root] [--password-stdin]";
    private static final Map<String, Integer> ROLES =
            Map.of("user", Account.NORMAL, "admin", Account.ADMIN, "root", Account.ROOT);

    private CreateUser() {}

    static int run(UicConfig config, List<String> arguments) throws IOException {
        if (arguments.isEmpty() || arguments.get(0).startsWith("-")) {
            System.err.println(USAGE);
            return WRONG_USE;
        }
        int role = Account.NORMAL;
        String password = System.getenv().getOrDefault(VARIABLE, "");
        for (int i = 1; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--password-stdin")) {
                password = firstLine();
            } else if (argument.equals("--role") && i + 1 < arguments.size() && roleOf(arguments.get(i + 1)) != null) {
                role = roleOf(arguments.get(++i));
            } else {
                System.err.println("unknown argument " + argument + System.lineSeparator() + USAGE);
                return WRONG_USE;
            }
        }
        return create(config, arguments.get(0), password, role);
    }

    private static int create(UicConfig config, String name, String password, int role) {
        try (Database database = Database.open(config.db(), "create-user", 1)) {
            UserService users = new UserService(new Store(database), new Passwords());
            if (users.exists(name)) {
                System.out.println("user " + name + " exists already and was left as it is");
                return 0;
            }
            Map<String, String> form = Map.of("name", name, "password", password);
            users.create(UserValidator.create(new Fields(form::get)), role, 0);
            System.out.println("user " + name + " created");
            return 0;
        } catch (BadInput e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    private static Integer roleOf(String text) {
        return ROLES.get(text.toLowerCase(Locale.ROOT));
    }

    private static String firstLine() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = in.readLine();
        return line == null ? "" : line;
    }
}
