package io.dinp.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DsnTest {

    @ParameterizedTest
    @CsvSource({
        "root:pw@tcp(127.0.0.1:3306)/dinp,root,pw,127.0.0.1:3306/dinp",
        "root:pw@tcp(db)/dinp,root,pw,db:3306/dinp",
        "root@tcp(db:1)/dinp,root,'',db:1/dinp",
        "root:@tcp(db:1)/dinp,root,'',db:1/dinp",
        "root:p@ss:w/rd?(x)@tcp(db:1)/dinp,root,p@ss:w/rd?(x),db:1/dinp",
        "root:a@tcp(b)/c@tcp(db:1)/dinp,root,a@tcp(b)/c,db:1/dinp",
        "root:pw@tcp(db:1)/dinp?charset=utf8&loc=Asia%2FShanghai,root,pw,db:1/dinp",
        "jdbc:mysql://db:1/dinp?user=root&password=p%40ss%26,root,p@ss&,db:1/dinp",
        "jdbc:mysql://db/dinp?useSSL=false&user=u,u,'',db:3306/dinp"
    })
    void bothFormsAreRead(String text, String user, String password, String place) {
        Dsn dsn = Dsn.mysql(text);
        assertEquals(user, dsn.user());
        assertEquals(password, dsn.password().value());
        assertTrue(dsn.jdbcUrl().startsWith("jdbc:mysql://" + place + "?"), dsn.jdbcUrl());
        assertTrue(dsn.jdbcUrl().contains("socketTimeout=5000"), dsn.jdbcUrl());
        assertFalse(dsn.jdbcUrl().contains("password"), dsn.jdbcUrl());
    }

    @Test
    void whatAJdbcUrlSaysGoesOverTheDefault() {
        String url = Dsn.mysql("jdbc:mysql://db/dinp?socketTimeout=9&user=u").jdbcUrl();
        assertTrue(url.contains("socketTimeout=9") && !url.contains("socketTimeout=5000"), url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "root:geheim",
                "root:geheim@db/dinp",
                "root:geheim@unix(/tmp/s)/dinp",
                "jdbc:postgresql://geheim"
            })
    void otherTextIsRefusedWithoutTellingIt(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> Dsn.mysql(text))
                .getMessage();
        assertFalse(message.contains("geheim"), message);
        assertTrue(message.contains("user:password@tcp(host:port)/database"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "redis:6380,'',redis://redis:6380",
        "redis,'',redis://redis:6379",
        "127.0.0.1:6379,pw,redis://:pw@127.0.0.1:6379",
        "redis://db:1,pw,redis://:pw@db:1",
        "redis://:own@db:1/2,'',redis://:own@db:1/2",
    })
    void redisIsReadInBothForms(String text, String password, String uri) {
        assertEquals(URI.create(uri), Dsn.redis(text, new Secret(password)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "@/:+%", "p ss", "ä"})
    void aPasswordForRedisComesBackAsItWas(String password) {
        assertEquals(":" + password, Dsn.redis("db:1", new Secret(password)).getUserInfo());
    }

    @Test
    void theDatabaseOfARedisUrlIsKept() {
        assertEquals(URI.create("redis://:pw@db:1/2"), Dsn.redis("redis://db:1/2", new Secret("pw")));
    }

    @Test
    void aSecretIsNotTold() {
        Secret secret = new Secret("geheim");
        assertEquals("****", secret.toString());
        assertTrue(secret.matches("geheim"));
        assertFalse(secret.matches("geheim ") || secret.matches(null) || Secret.NONE.matches(""));
        assertFalse(Dsn.mysql("root:geheim@tcp(db)/dinp").toString().contains("geheim"));
    }
}
