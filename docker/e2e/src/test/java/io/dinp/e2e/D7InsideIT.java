package io.dinp.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.e2e.bed.EchoImages;
import io.dinp.e2e.bed.Engine;
import io.dinp.e2e.bed.Engine.Container;
import io.dinp.e2e.bed.Ports;
import io.dinp.e2e.bed.TestBed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** An app that was taken over by a stranger: what its container reaches of the platform must refuse without credentials. */
@ExtendWith(TestBedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D7InsideIT {
    private final TestBed bed;
    private final Platform dinp;
    private final String host;
    private Container inside;

    D7InsideIT(TestBed bed) {
        this.bed = bed;
        this.dinp = new Platform(bed);
        this.host = bed.router().getHostString();
    }

    @BeforeAll
    void oneContainer() {
        dinp.insert("taken", EchoImages.V1, 1);
        dinp.awaitAnswer("taken", Duration.ofSeconds(30));
        dinp.awaitOrder();
        inside = dinp.containers("taken").get(0);
    }

    @AfterAll
    void tidy() {
        dinp.deleteAll();
    }

    @Test
    void theServersApiRefuses() {
        for (String path :
                List.of("/nodes", "/real", "/app/taken", "/status/taken", "/events", "/routers", "/metrics")) {
            refusesHttp(host, Ports.SERVER_HTTP, "GET", path);
        }
        refusesHttp(host, Ports.SERVER_HTTP, "POST", "/signal");
        refusesHttp(host, Ports.SERVER_HTTP, "POST", "/instance/" + inside.instance() + "/replace");
    }

    @Test
    void aHeartbeatWithoutCredentialsIsRefused() {
        String beat =
                "{\"method\":\"NodeState.Push\",\"params\":[{\"Ip\":\"203.0.113.66\",\"MemFree\":9999,\"Containers\":[]}],\"id\":0}";
        String answer = probe("line", host, Ports.SERVER_RPC, beat);
        assertTrue(!answer.contains("\"Code\":0") && !answer.startsWith("no "), answer);
        assertEquals(false, dinp.server("/nodes").has("203.0.113.66"));
        String down = "{\"method\":\"NodeState.NodeDown\",\"params\":[\""
                + inside.engine().address() + "\"],\"id\":1}";
        String refused = probe("line", host, Ports.SERVER_RPC, down);
        assertTrue(!refused.contains("\"Code\":0") && !refused.startsWith("no "), refused);
    }

    @Test
    void theAgentsRefuse() {
        for (Engine engine : bed.engines()) {
            refusesHttp(engine.address(), Ports.AGENT, "GET", "/instances");
            refusesHttp(engine.address(), Ports.AGENT, "GET", "/instances/" + inside.instance() + "/logs");
            refusesHttp(engine.address(), Ports.AGENT, "PUT", "/instances/stranger");
            refusesHttp(engine.address(), Ports.AGENT, "DELETE", "/instances/" + inside.instance());
        }
    }

    @Test
    void redisMysqlRegistryAndStatusPortsRefuse() {
        String redis = probe("line", host, Ports.REDIS, "KEYS *");
        assertTrue(redis.startsWith("-NOAUTH"), redis);
        for (String user : List.of("root", "dinp")) {
            String mysql = probe("mysql", host, Ports.MYSQL, user);
            assertTrue(mysql.startsWith("error 1045 "), mysql);
        }
        refusesHttp(host, Ports.REGISTRY, "GET", "/v2/");
        refusesHttp(host, Ports.REGISTRY, "GET", "/v2/_catalog");
        refusesHttp(host, Ports.ROUTER_STATUS, "GET", "/routes");
        refusesHttp(host, Ports.ROUTER_STATUS, "GET", "/varz");
        refusesHttp(host, Ports.HM, "GET", "/metrics");
        Figures.print("D7", "from inside a container 1970, 1971, 1980, Redis, MySQL, registry and status ports refuse");
    }

    private void refusesHttp(String host, int port, String method, String path) {
        String status = inside.engine()
                .attempt(
                        "exec",
                        inside.id(),
                        "perl",
                        "/opt/app/probe.pl",
                        "http",
                        host,
                        String.valueOf(port),
                        method,
                        path)
                .output();
        assertTrue(status.contains(" 401"), () -> method + " " + host + ":" + port + path + " answers " + status);
    }

    private String probe(String way, String host, int port, String text) {
        return inside.engine()
                .attempt("exec", inside.id(), "perl", "/opt/app/probe.pl", way, host, String.valueOf(port), text)
                .output();
    }
}
