package io.dinp.common.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * On which nodes an app may run, as its row says: {@code zone=a, disk!=slow}. All terms must hold; a label that a node
 * does not have is different from every value.
 *
 * @param terms those that could be read
 * @param fault what is wrong with the text, "" when nothing is
 */
public record Constraints(List<Term> terms, String fault) {

    /** Of an app that may run anywhere. */
    public static final Constraints NONE = new Constraints(List.of(), "");

    private static final int MAX_TERMS = 32;
    private static final Pattern TERM = Pattern.compile(
            "([A-Za-z0-9][A-Za-z0-9._/-]{0,62})\\s*(!?=)\\s*([^,=!\\s\\p{Cntrl}][^,=!\\p{Cntrl}]{0,127})");

    /** One demand on a node's labels. */
    public record Term(String label, boolean equal, String value) {

        boolean holds(Map<String, String> labels) {
            return value.equals(labels.get(label)) == equal;
        }

        /** What a node has instead, in words that follow "the node". */
        String lack(Map<String, String> labels) {
            String there = labels.get(label);
            if (there == null) {
                return "has no " + label;
            }
            return "has " + label + "=" + there;
        }

        @Override
        public String toString() {
            return label + (equal ? "=" : "!=") + value;
        }
    }

    /** Reads a row's text. Terms that can be read hold also when others cannot. */
    public static Constraints parse(String text) {
        if (text == null || text.isBlank()) {
            return NONE;
        }
        List<Term> terms = new ArrayList<>();
        String fault = "";
        for (String part : text.split(",", -1)) {
            Matcher term = TERM.matcher(part.strip());
            if (term.matches() && terms.size() < MAX_TERMS) {
                terms.add(new Term(term.group(1), term.group(2).equals("="), term.group(3)));
            } else if (fault.isEmpty()) {
                fault = term.matches()
                        ? "constraints has more than " + MAX_TERMS + " terms: leave some out"
                        : "constraints is '" + text + "': '" + part.strip()
                                + "' is no term; write label=value or label!=value, with commas between them";
            }
        }
        return new Constraints(List.copyOf(terms), fault.isEmpty() ? contradiction(text, terms) : fault);
    }

    private static String contradiction(String text, List<Term> terms) {
        Map<String, Term> demanded = new HashMap<>();
        for (Term term : terms) {
            Term before = term.equal() ? demanded.putIfAbsent(term.label(), term) : null;
            if (before != null && !before.equals(term)) {
                return impossible(text, before, term);
            }
        }
        for (Term term : terms) {
            Term demand = demanded.get(term.label());
            if (!term.equal() && demand != null && demand.value().equals(term.value())) {
                return impossible(text, demand, term);
            }
        }
        return "";
    }

    private static String impossible(String text, Term one, Term other) {
        return "constraints is '" + text + "': no node can have " + one + " and " + other + "; keep one of them";
    }

    /** True when a node with these labels may have the app. */
    public boolean allow(Map<String, String> labels) {
        for (Term term : terms) {
            if (!term.holds(labels)) {
                return false;
            }
        }
        return true;
    }

    /** The first term that labels do not meet and what they have instead, "" when they meet all. */
    public String lack(Map<String, String> labels) {
        return terms.stream()
                .filter(term -> !term.holds(labels))
                .findFirst()
                .map(term -> term.lack(labels))
                .orElse("");
    }

    @Override
    public String toString() {
        return terms.stream().map(Term::toString).collect(Collectors.joining(", "));
    }
}
