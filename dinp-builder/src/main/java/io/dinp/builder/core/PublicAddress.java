package io.dinp.builder.core;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Tells addresses of the public internet from all others, so that a tarball URL cannot make the builder knock at
 * internal ports. The ranges are those of the IANA special-purpose address registries (RFC 6890).
 */
public final class PublicAddress {
    private PublicAddress() {}

    /** Whether {@code address} is globally reachable unicast. */
    public static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
    }

    private static boolean isPublic4(byte[] b) {
        int first = b[0] & 0xff;
        int second = b[1] & 0xff;
        int third = b[2] & 0xff;
        boolean thisNetwork = first == 0;
        boolean carrierGrade = first == 100 && (second & 0xc0) == 64;
        boolean protocols = first == 192 && second == 0 && (third == 0 || third == 2);
        boolean benchmark = first == 198 && (second & 0xfe) == 18;
        boolean documentation =
                (first == 198 && second == 51 && third == 100) || (first == 203 && second == 0 && third == 113);
        boolean reserved = first >= 240;
        return !(thisNetwork || carrierGrade || protocols || benchmark || documentation || reserved);
    }

    /** 2000::/3 is all of the global unicast space; in it, 2001::/23, 2001:db8::/32 and 6to4 carry or hide other things. */
    private static boolean isPublic6(byte[] b) {
        boolean globalUnicast = (b[0] & 0xe0) == 0x20;
        int head = ((b[0] & 0xff) << 8) | (b[1] & 0xff);
        int next = ((b[2] & 0xff) << 8) | (b[3] & 0xff);
        boolean protocols = head == 0x2001 && next < 0x0200;
        boolean documentation = head == 0x2001 && next == 0x0db8;
        boolean sixToFour = head == 0x2002;
        return globalUnicast && !protocols && !documentation && !sixToFour;
    }
}
