package io.dinp.router.log;

import io.dinp.router.core.AccessLog.Entry;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/** A line of the access log: in the original's form with endpoint, tries and error behind it, or the same fields as one JSON object. */
public enum EntryFormat {
    TEXT {
        @Override
        String line(Entry entry) {
            return orDash(entry.host()) + " - [" + TIME.format(Instant.ofEpochMilli(entry.atMillis())) + "] \""
                    + entry.method() + " " + entry.target() + " " + entry.version() + "\" " + entry.status() + " "
                    + entry.bytes() + " \"" + quoted(entry.referer()) + "\" \"" + quoted(entry.userAgent()) + "\" "
                    + entry.client() + " vcap_request_id:" + id(entry) + " response_time:" + seconds(entry) + " app_id:"
                    + orDash(entry.app()) + " endpoint:" + orDash(entry.endpoint()) + " tries:" + entry.tries()
                    + " error:" + orDash(entry.error()) + "\n";
        }
    },
    JSON {
        @Override
        String line(Entry entry) {
            StringBuilder out = new StringBuilder(400).append("{\"time\":\"");
            out.append(Instant.ofEpochMilli(entry.atMillis())).append('"');
            field(out, "host", entry.host());
            field(out, "method", entry.method());
            field(out, "target", entry.target());
            field(out, "version", entry.version());
            out.append(",\"status\":").append(entry.status());
            out.append(",\"bytes\":").append(entry.bytes());
            field(out, "referer", entry.referer());
            field(out, "user_agent", entry.userAgent());
            field(out, "client", entry.client());
            field(out, "vcap_request_id", id(entry).toString());
            out.append(",\"response_time\":").append(seconds(entry));
            field(out, "app_id", entry.app());
            field(out, "endpoint", entry.endpoint());
            out.append(",\"tries\":").append(entry.tries());
            field(out, "error", entry.error());
            return out.append("}\n").toString();
        }
    };

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    abstract String line(Entry entry);

    /** The line that says that others were lost. */
    String dropped(long lines) {
        return this == JSON ? "{\"dropped\":" + lines + "}\n" : "# " + lines + " lines dropped\n";
    }

    private static UUID id(Entry entry) {
        return new UUID(entry.idHigh(), entry.idLow());
    }

    private static String seconds(Entry entry) {
        return String.format(Locale.ROOT, "%.6f", entry.micros() / 1e6);
    }

    private static String orDash(String text) {
        return text == null || text.isEmpty() ? "-" : text;
    }

    private static String quoted(String text) {
        return orDash(text).replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static void field(StringBuilder out, String name, String value) {
        out.append(",\"").append(name).append("\":\"");
        String text = value == null ? "" : value;
        for (int i = 0; i < text.length(); i++) {
            escape(out, text.charAt(i));
        }
        out.append('"');
    }

    /** Bytes of heads are read as Latin-1; as escapes they stay ASCII, whatever the reader takes the file for. */
    private static void escape(StringBuilder out, char c) {
        if (c == '"' || c == '\\') {
            out.append('\\').append(c);
        } else if (c < ' ' || c > '~') {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        } else {
            out.append(c);
        }
    }
}
