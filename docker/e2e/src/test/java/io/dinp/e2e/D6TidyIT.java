package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.e2e.bed.Await;
import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.Engine;
import io.dinp.e2e.bed.TestBed;
import io.dinp.e2e.client.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nothing stays behind and nothing is routed that cannot answer. */
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D6TidyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int STRAY_PORT = 25555;

    private final TestBed bed;
    private final Platform dinp;

    D6TidyIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
    }

    @AfterEach
    void tidy() {
        dinp.deleteAll();
    }

    @Test
    void deletedAppsLeaveNothingTheLastOneToo() {
        dinp.insert("first", EchoImages.V1, 2);
        dinp.insert("last", EchoImages.V1, 1);
        dinp.awaitAnswer("first", PATIENCE);
        dinp.awaitAnswer("last", PATIENCE);
        Duration first = delete("first");
        assertTrue(dinp.answers("last"));
        Duration last = delete("last");
        assertEquals(List.of(), dinp.routeKeys());
        Figures.print(
                "D6",
                "deleted app gone in %s, the last one in %s".formatted(Figures.seconds(first), Figures.seconds(last)));
    }

    @Test
    void anUnboundDomainLosesItsKey() throws IOException {
        dinp.insert("bound", EchoImages.V1, 1);
        dinp.awaitAnswer("bound", PATIENCE);
        bed.mysql()
                .update("insert into domain(domain,app_id,app_name,creator,creator_name)"
                        + " select 'WWW.Example.test',id,name,1,'root' from app where name='bound'");
        Duration bound =
                Await.until(PATIENCE, "the domain answers", () -> throughDomain() == 200, () -> dinp.explain(""));
        assertEquals("/rs/" + dinp.host("bound"), bed.redis().text("GET", "/cname/www.example.test"));
        bed.mysql().update("update domain set app_id=0, app_name='' where domain='WWW.Example.test'");
        Duration unbound = Await.until(
                PATIENCE, "its key is gone", () -> bed.redis().keys("/cname/*").isEmpty());
        Await.until(PATIENCE, "the router knows it no more", () -> throughDomain() == 404);
        Figures.print(
                "D6", "domain bound in %s, unbound in %s".formatted(Figures.seconds(bound), Figures.seconds(unbound)));
    }

    @Test
    void whatDoesNotListenIsNeverRouted() {
        dinp.insert("mute", EchoImages.DEAF, 1);
        Await.until(
                PATIENCE, "its container runs", () -> !dinp.containers("mute").isEmpty(), () -> dinp.explain("mute"));
        long start = System.nanoTime();
        Await.until(
                Duration.ofMinutes(1),
                "it is given up",
                () -> {
                    assertTrue(
                            bed.redis().keys("/rs/*").isEmpty()
                                    && dinp.routerTable("mute").isEmpty(),
                            "never routed");
                    return dinp.status("mute") == 3;
                },
                () -> dinp.explain("mute"));
        Figures.print(
                "D6",
                "container that does not listen given up after %s, never routed"
                        .formatted(Figures.seconds(Await.since(start))));
    }

    @Test
    void aStrangersContainerThatDoesNotListenIsNeverRouted() {
        dinp.insert("host", EchoImages.V1, 1);
        dinp.awaitAnswer("host", PATIENCE);
        Engine node = bed.engines().get(0);
        String published = node.address() + ":" + STRAY_PORT;
        String id = node.docker(
                "run",
                "-d",
                "-e",
                "APP_NAME=host",
                "-p",
                published + ":8080",
                bed.echo().image(EchoImages.DEAF));
        try {
            Await.holds(
                    Duration.ofSeconds(6),
                    "not routed",
                    () -> !bed.redis().list("/rs/" + dinp.host("host")).contains(published));
            assertEquals("true", node.docker("inspect", "-f", "{{.State.Running}}", id), "never touched");
            assertTrue(dinp.answers("host"));
        } finally {
            node.docker("rm", "-f", id);
        }
    }

    @Test
    void anImageThatExposesFurtherPortsIsRoutedTo8080() throws IOException {
        dinp.insert("ports", EchoImages.PORTS, 1);
        dinp.awaitAnswer("ports", PATIENCE);
        dinp.awaitOrder();
        assertTrue(dinp.get("ports", "/").body().startsWith("ports ports "));
        assertEquals(1, dinp.server("/app/ports").get(0).path("Ports").size(), "one port is published");
    }

    private int throughDomain() throws IOException {
        return RawHttp.once(bed.router(), RawHttp.Call.get("www.example.test:80", "/"), 5000)
                .status();
    }

    private Duration delete(String app) {
        dinp.delete(app);
        return Await.until(
                PATIENCE,
                app + " is gone",
                () -> dinp.containers(app).isEmpty()
                        && bed.redis().keys("/rs/" + dinp.host(app)).isEmpty(),
                () -> dinp.explain(app));
    }
}
