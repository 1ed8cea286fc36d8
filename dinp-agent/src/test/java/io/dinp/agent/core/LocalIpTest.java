package io.dinp.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.agent.core.LocalIp.Nic;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalIpTest {
    private static final Nic LO = new Nic("lo", true, List.of("127.0.0.1"));
    private static final Nic DOCKER = new Nic("docker0", true, List.of("172.17.0.1"));
    private static final Nic BRIDGE = new Nic("br-0a1b", true, List.of("172.18.0.1"));

    @Test
    void theFirstPrivateAddressOfAWiredInterface() {
        List<Nic> nics = List.of(
                LO,
                DOCKER,
                new Nic("eth0", true, List.of("203.0.113.7", "10.1.2.3")),
                new Nic("enp3s0", true, List.of("10.9.9.9")));
        assertEquals("10.1.2.3", LocalIp.choose("", nics, Optional.of("203.0.113.7")));
    }

    @Test
    void elseTheSourceOfTheDefaultRoute() {
        List<Nic> nics = List.of(
                LO, DOCKER, new Nic("eth0", true, List.of("203.0.113.7")), new Nic("bond0", true, List.of("10.5.5.5")));
        assertEquals("203.0.113.7", LocalIp.choose("", nics, Optional.of("203.0.113.7")));
    }

    @Test
    void neverDockersOwnAndNeverLoopback() {
        List<Nic> nics = List.of(LO, DOCKER, BRIDGE, new Nic("veth12", true, List.of("169.254.1.1")));
        for (String source : List.of("127.0.0.1", "172.17.0.1", "172.18.0.1", "169.254.1.1")) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> LocalIp.choose("", nics, Optional.of(source)))
                    .getMessage();
            assertTrue(message.contains("localIp"), message);
        }
    }

    @Test
    void theConfiguredOneWhenItIsTheMachines() {
        List<Nic> nics = List.of(LO, BRIDGE, new Nic("eth0", true, List.of("10.1.2.3")));
        assertEquals("172.18.0.1", LocalIp.choose("172.18.0.1", nics, Optional.empty()));
    }

    @Test
    void anInterfaceWithoutCarrierIsChosenByNameOnly() {
        List<Nic> nics =
                List.of(LO, new Nic("eth0", false, List.of("10.1.2.3")), new Nic("eth1", true, List.of("10.4.5.6")));
        assertEquals("10.4.5.6", LocalIp.choose("", nics, Optional.empty()));
        assertEquals("10.1.2.3", LocalIp.choose("10.1.2.3", nics, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.1.2.4", "::1", "node.example", "0.0.0.0"})
    void aConfiguredOneThatIsNot(String configured) {
        List<Nic> nics = List.of(LO, new Nic("eth0", true, List.of("10.1.2.3")));
        String message = assertThrows(
                        IllegalArgumentException.class, () -> LocalIp.choose(configured, nics, Optional.empty()))
                .getMessage();
        assertTrue(message.contains("localIp \"" + configured) && message.contains("10.1.2.3"), message);
    }
}
