package io.dinp.common.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConstraintsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                    | zone | a | true",
                "'   '                 | zone | a | true",
                "zone=a                | zone | a | true",
                "zone=a                | zone | b | false",
                "zone=a                | disk | a | false",
                "zone!=a               | zone | a | false",
                "zone!=a               | zone | b | true",
                "zone!=a               | disk | x | true",
                "' zone = a , disk!=x' | zone | a | true",
                "'zone=a,disk=x'       | zone | a | false",
                "zone=A                | zone | a | false",
                "host=rack 7/b:1       | host | rack 7/b:1 | true"
            })
    void aNodeIsAllowedWhenItsLabelsMeetEveryTerm(String text, String label, String value, boolean allowed) {
        Constraints constraints = Constraints.parse(text);

        assertEquals("", constraints.fault());
        assertEquals(allowed, constraints.allow(Map.of(label, value)));
        assertEquals(allowed, constraints.lack(Map.of(label, value)).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zone            | 'zone' is no term",
                "zone=           | 'zone=' is no term",
                "=a              | '=a' is no term",
                "zone==a         | 'zone==a' is no term",
                "zone>3          | 'zone>3' is no term",
                "'zone=a,'       | '' is no term",
                "'zone=a disk=b' | 'zone=a disk=b' is no term",
                "'zone=a,zone=b' | no node can have zone=a and zone=b; keep one of them",
                "'zone=a,zone!=a'| no node can have zone=a and zone!=a; keep one of them"
            })
    void whatCannotBeReadOrMetIsNamedWithItsRemedy(String text, String words) {
        String fault = Constraints.parse(text).fault();

        assertTrue(fault.startsWith("constraints is '" + text + "'"), fault);
        assertTrue(fault.contains(words), fault);
    }

    @Test
    void theSameTermTwiceIsNoContradiction() {
        assertEquals("", Constraints.parse("zone=a, zone=a, disk!=b, disk!=c").fault());
    }

    @Test
    void termsAreBounded() {
        String many = IntStream.range(0, 33).mapToObj(i -> "l" + i + "!=v").collect(Collectors.joining(","));

        assertEquals(
                "constraints has more than 32 terms: leave some out",
                Constraints.parse(many).fault());
        assertEquals(32, Constraints.parse(many).terms().size());
    }

    @Test
    void whatCanBeReadHoldsBesideWhatCannot() {
        Constraints constraints = Constraints.parse("zone=a, rubbish");

        assertEquals("zone=a", constraints.toString());
        assertEquals("has zone=b", constraints.lack(Map.of("zone", "b")));
        assertEquals("has no zone", constraints.lack(Map.of()));
    }
}
