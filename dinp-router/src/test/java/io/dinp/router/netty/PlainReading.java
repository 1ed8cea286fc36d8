package io.dinp.router.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a stream of requests with regular expressions and string searches: written apart from the router's own reading, to be held
 * against it. One way of reading is strict; the others make the mistakes that other servers are known for.
 */
final class PlainReading {
    /** How the stream is read; what is passed on must mean the same in all of these ways. */
    enum Way {
        STRICT,
        /** A bare LF ends a line. */
        BARE_LF,
        /** Blanks around names do not count, and anything that holds "chunked" is chunked. */
        TOLERANT,
        /** Of two body lengths, Content-Length wins, and of two of those the first. */
        LENGTH_FIRST,
        /** Of two lengths the last one wins. */
        LAST_LENGTH
    }

    private static final Pattern REQUEST_LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\\x21-\\x7e\\x80-\\xff]+) HTTP/1\\.([01])");
    private static final Pattern FIELD =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\t\\x20-\\x7e\\x80-\\xff]*?)[ \\t]*");
    private static final Pattern LOOSE_FIELD = Pattern.compile("(?s)[ \\t]*([^:]+?)[ \\t]*:(.*)");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,15})(;[\\t\\x20-\\x7e\\x80-\\xff]*)?");

    private final String text;
    private final Way way;
    private int at;

    /** One request. */
    record Message(String method, String target, String host, String body) {}

    /**
     * What a stream says.
     *
     * @param messages the complete requests in their order
     * @param malformed whether it stopped at something that is no HTTP
     */
    record Result(List<Message> messages, boolean malformed) {}

    /** The stream ends before the message does. */
    private static final class Incomplete extends RuntimeException {}

    /** The stream is no HTTP. */
    private static final class Malformed extends RuntimeException {}

    private PlainReading(String text, Way way) {
        this.text = text;
        this.way = way;
    }

    static Result of(String text, Way way) {
        PlainReading reading = new PlainReading(text, way);
        List<Message> messages = new ArrayList<>();
        try {
            while (reading.at < text.length()) {
                messages.add(reading.message());
            }
        } catch (Incomplete e) {
            return new Result(messages, false);
        } catch (Malformed e) {
            return new Result(messages, true);
        }
        return new Result(messages, false);
    }

    private Message message() {
        while (text.startsWith("\r\n", at)) {
            at += 2;
        }
        Matcher line = match(REQUEST_LINE, line());
        List<String[]> fields = fields();
        String host = only(fields, "host");
        String body = body(fields, line.group(3).equals("1"));
        return new Message(line.group(1), line.group(2), host, body);
    }

    private static Matcher match(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new Malformed();
        }
        return matcher;
    }

    private String line() {
        int end = text.indexOf(way == Way.BARE_LF ? "\n" : "\r\n", at);
        if (end < 0) {
            throw new Incomplete();
        }
        String line = text.substring(at, end);
        at = end + (way == Way.BARE_LF ? 1 : 2);
        return way == Way.BARE_LF && line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private List<String[]> fields() {
        List<String[]> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            Matcher field = match(way == Way.TOLERANT ? LOOSE_FIELD : FIELD, line);
            fields.add(new String[] {
                field.group(1).toLowerCase(Locale.ROOT), field.group(2).strip()
            });
        }
        return fields;
    }

    private static List<String> values(List<String[]> fields, String name) {
        return fields.stream()
                .filter(field -> field[0].equals(name))
                .map(field -> field[1])
                .toList();
    }

    private String only(List<String[]> fields, String name) {
        List<String> values = values(fields, name);
        if (values.size() > 1 && way == Way.STRICT) {
            throw new Malformed();
        }
        return values.isEmpty() ? "" : values.get(way == Way.LAST_LENGTH ? values.size() - 1 : 0);
    }

    private String body(List<String[]> fields, boolean http11) {
        String length = only(fields, "content-length");
        String coding = only(fields, "transfer-encoding");
        if (way == Way.STRICT
                && !coding.isEmpty()
                && (!length.isEmpty() || !http11 || !coding.equalsIgnoreCase("chunked"))) {
            throw new Malformed();
        }
        boolean lengthWins = way == Way.LENGTH_FIRST && !length.isEmpty();
        if (!lengthWins && coding.toLowerCase(Locale.ROOT).contains("chunked")) {
            return chunks();
        }
        if (length.isEmpty()) {
            return "";
        }
        if (!length.matches("[0-9]{1,18}")) {
            throw new Malformed();
        }
        return take(Long.parseLong(length));
    }

    private String take(long length) {
        if (length > text.length() - at) {
            throw new Incomplete();
        }
        String part = text.substring(at, at + (int) length);
        at += (int) length;
        return part;
    }

    private String chunks() {
        StringBuilder body = new StringBuilder();
        for (long size = chunkSize(); size > 0; size = chunkSize()) {
            body.append(take(size));
            if (!line().isEmpty()) {
                throw new Malformed();
            }
        }
        fields();
        return body.toString();
    }

    private long chunkSize() {
        return Long.parseLong(match(CHUNK, line()).group(1), 16);
    }
}
