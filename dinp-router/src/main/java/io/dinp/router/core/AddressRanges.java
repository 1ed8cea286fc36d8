package io.dinp.router.core;

import java.util.List;

/** A set of IPv4 ranges such as {@code 10.0.0.0/8}; a bare address is a range of one. */
public final class AddressRanges {
    private final List<Range> ranges;

    private record Range(int network, int mask) {}

    private AddressRanges(List<Range> ranges) {
        this.ranges = ranges;
    }

    /** @throws IllegalArgumentException naming the range that is none */
    public static AddressRanges parse(List<String> texts) {
        return new AddressRanges(texts.stream().map(AddressRanges::range).toList());
    }

    private static Range range(String text) {
        int slash = text.indexOf('/');
        String bits = slash < 0 ? "32" : text.substring(slash + 1);
        if (!bits.matches("\\d|[12]\\d|3[0-2]")) {
            throw new IllegalArgumentException(text + ": the part behind the slash is no number from 0 to 32");
        }
        int mask = bits.equals("0") ? 0 : -1 << (32 - Integer.parseInt(bits));
        return new Range(address(slash < 0 ? text : text.substring(0, slash)) & mask, mask);
    }

    private static int address(String text) {
        if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            throw new IllegalArgumentException(text + " is no IPv4 address");
        }
        int address = 0;
        for (String part : text.split("\\.", -1)) {
            int value = Integer.parseInt(part);
            if (value > 255) {
                throw new IllegalArgumentException(text + " is no IPv4 address");
            }
            address = (address << 8) | value;
        }
        return address;
    }

    /** @param address four bytes in network order; others (IPv6) are in no range */
    public boolean contains(byte[] address) {
        if (address.length != 4) {
            return false;
        }
        int value = ((address[0] & 255) << 24)
                | ((address[1] & 255) << 16)
                | ((address[2] & 255) << 8)
                | (address[3] & 255);
        return ranges.stream().anyMatch(range -> (value & range.mask()) == range.network());
    }
}
