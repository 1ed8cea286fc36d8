package io.dinp.uic.user;

import io.dinp.web.Fields;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The forms about users. */
public final class UserValidator {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+([._-][a-z0-9]+)*");
    private static final int LONGEST_NAME = 64;
    private static final int LEAST_PASSWORD = 8;
    private static final int LONGEST = 64;

    /** A checked new account; the name becomes part of image names, hence its form. */
    public record NewUser(String name, String password, String cnname, String email) {}

    /** A checked profile. */
    public record Profile(String cnname, String email, String phone, String im, String qq) {}

    private UserValidator() {}

    /** Checks the forms "register" and "create user". */
    public static NewUser create(Fields form) {
        String name = name(form, "name");
        String password = newPassword(form, "password");
        NewUser user = new NewUser(name, password, form.text("cnname", LONGEST), email(form));
        form.verify();
        return user;
    }

    /** Checks the form "profile". */
    public static Profile profile(Fields form) {
        Profile profile = new Profile(
                form.text("cnname", LONGEST),
                email(form),
                form.text("phone", 32),
                form.text("im", 32),
                form.text("qq", 32));
        form.verify();
        return profile;
    }

    /** The name in {@code field}, an error unless it can be part of an image's name. */
    public static String name(Fields form, String field) {
        String name = form.required(field, LONGEST_NAME);
        if (!NAME.matcher(name).matches()) {
            form.reject(field, "a name has lower-case letters and digits, with single . _ - between them");
        }
        return name;
    }

    /** The new password in {@code field}, an error when it is too short or too long. */
    public static String newPassword(Fields form, String field) {
        String password = form.verbatim(field);
        if (password.codePointCount(0, password.length()) < LEAST_PASSWORD) {
            form.reject(field, "a password has at least " + LEAST_PASSWORD + " characters");
        }
        if (password.getBytes(StandardCharsets.UTF_8).length > Passwords.MOST_BYTES) {
            form.reject(field, "a password has at most " + Passwords.MOST_BYTES + " bytes");
        }
        return password;
    }

    private static String email(Fields form) {
        String email = form.text("email", 255);
        if (!email.isEmpty() && (email.indexOf('@') < 1 || email.indexOf('@') == email.length() - 1)) {
            form.reject("email", "'" + email + "' is not an email address");
        }
        return email;
    }
}
