package io.dinp.builder.web;

import com.jfinal.template.Env;
import com.jfinal.template.TemplateException;
import com.jfinal.template.expr.ast.ExprList;
import com.jfinal.template.io.Writer;
import com.jfinal.template.stat.Location;
import com.jfinal.template.stat.OutputDirectiveFactory;
import com.jfinal.template.stat.Scope;
import com.jfinal.template.stat.ast.Output;
import java.io.IOException;

/** Makes {@code #(value)} in the page templates escape for HTML, which JFinal's engine does not do by itself. */
final class EscapedOutput extends OutputDirectiveFactory {
    @Override
    public Output getOutputDirective(ExprList expressions, Location location) {
        return new Escaping(expressions, location);
    }

    private static final class Escaping extends Output {
        Escaping(ExprList expressions, Location location) {
            super(expressions, location);
        }

        @Override
        public void exec(Env env, Scope scope, Writer writer) {
            try {
                Object value = expr.eval(scope);
                if (value != null) {
                    writer.write(BuildView.escaped(value.toString()));
                }
            } catch (IOException e) {
                throw new TemplateException(e.getMessage(), location, e);
            }
        }
    }
}
