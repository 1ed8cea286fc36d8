package io.dinp.web;

import com.jfinal.template.Engine;
import com.jfinal.template.Env;
import com.jfinal.template.expr.ast.ExprList;
import com.jfinal.template.io.Writer;
import com.jfinal.template.stat.Location;
import com.jfinal.template.stat.OutputDirectiveFactory;
import com.jfinal.template.stat.Scope;
import com.jfinal.template.stat.ast.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The templates of one daemon. Enjoy does not escape by itself, so its output directive is replaced: every
 * {@code #(value)} is HTML-escaped, and there is no way to write one that is not.
 */
public final class Pages {
    private final Engine engine;
    private final Map<String, Object> always;

    /**
     * Templates below {@code webapp/} on the class path.
     *
     * @param always values that every page may use
     */
    public Pages(Map<String, Object> always) {
        this.always = Map.copyOf(always);
        this.engine = new Engine()
                .setToClassPathSourceFactory()
                .setBaseTemplatePath("webapp")
                .setOutputDirectiveFactory(new Escaping())
                .addSharedFunction("shared/layout.html", "shared/form.html");
        engine.addSharedMethod(new Show());
    }

    /** The finished page; a template with an error throws before a byte is sent. */
    public String render(String view, Map<String, ?> model) {
        Map<String, Object> all = new HashMap<>(always);
        all.putAll(model);
        all.replaceAll((name, value) -> callable(value));
        return engine.getTemplate(view).renderToString(all);
    }

    /** Enjoy calls methods by reflection, which the JDK's unmodifiable collections refuse: their classes are not public. */
    private static Object callable(Object value) {
        if (value instanceof Map<?, ?> map) {
            return new LinkedHashMap<>(map);
        }
        return value instanceof List<?> list ? new ArrayList<>(list) : value;
    }

    /** {@code text} for element content and quoted attributes. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    private static final class Escaping extends OutputDirectiveFactory {
        @Override
        public Output getOutputDirective(ExprList expressions, Location location) {
            return new EscapedOutput(expressions, location);
        }
    }

    private static final class EscapedOutput extends Output {
        EscapedOutput(ExprList expressions, Location location) {
            super(expressions, location);
        }

        @Override
        public void exec(Env env, Scope scope, Writer writer) {
            Object value = expr.eval(scope);
            if (value != null) {
                try {
                    writer.write(escape(value.toString()));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        }
    }
}
