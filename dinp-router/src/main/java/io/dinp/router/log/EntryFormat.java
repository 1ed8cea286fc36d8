package io.dinp.router.log;

import io.dinp.router.core.AccessLog.Entry;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/** A line of the access log, in the original's form with endpoint, tries and error behind it. */
final class EntryFormat {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    private EntryFormat() {}

    static String line(Entry entry) {
        return orDash(entry.host()) + " - [" + TIME.format(Instant.ofEpochMilli(entry.atMillis())) + "] \""
                + entry.method() + " " + entry.target() + " " + entry.version() + "\" " + entry.status() + " "
                + entry.bytes() + " \"" + quoted(entry.referer()) + "\" \"" + quoted(entry.userAgent()) + "\" "
                + entry.client() + " vcap_request_id:" + new UUID(entry.idHigh(), entry.idLow()) + " response_time:"
                + String.format(Locale.ROOT, "%.6f", entry.micros() / 1e6) + " app_id:" + orDash(entry.app())
                + " endpoint:" + orDash(entry.endpoint()) + " tries:" + entry.tries() + " error:"
                + orDash(entry.error()) + "\n";
    }

    private static String orDash(String text) {
        return text == null || text.isEmpty() ? "-" : text;
    }

    private static String quoted(String text) {
        return orDash(text).replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
