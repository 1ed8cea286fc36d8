package io.dinp.builder.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicAddressTest {
    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, true",
        "151.101.2.132, true",
        "100.128.0.1, true",
        "2606:4700::1, true",
        "127.0.0.1, false",
        "127.8.8.8, false",
        "0.0.0.0, false",
        "0.1.2.3, false",
        "10.1.2.3, false",
        "172.16.0.1, false",
        "192.168.1.1, false",
        "169.254.169.254, false",
        "100.64.0.1, false",
        "100.127.255.255, false",
        "192.0.0.8, false",
        "198.18.0.1, false",
        "224.0.0.1, false",
        "255.255.255.255, false",
        "::1, false",
        "::, false",
        "::ffff:127.0.0.1, false",
        "::ffff:10.0.0.1, false",
        "fe80::1, false",
        "fc00::1, false",
        "fd12::1, false",
        "ff02::1, false",
        "2001:db8::1, false",
        "2002:7f00:1::, false",
        "64:ff9b::7f00:1, false",
    })
    void tellsPublicFromInternal(String address, boolean expected) throws UnknownHostException {
        assertEquals(expected, PublicAddress.isPublic(InetAddress.getByName(address)));
    }
}
