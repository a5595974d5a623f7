package io.keyhold.policy;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** A range of IP addresses: {@code 203.0.113.0/24}, {@code 2001:db8::/32}, or one address. */
final class Network {

    private static final Pattern FOUR = Pattern.compile("([0-9]{1,3}\\.){3}[0-9]{1,3}");
    private static final Pattern SIX = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private final byte[] address;
    private final int prefix;

    private Network(byte[] address, int prefix) {
        this.address = address;
        this.prefix = prefix;
    }

    /**
     * @throws IllegalArgumentException if the text is no such range
     */
    static Network parse(String text) {
        String[] halves = text.split("/", 2);
        byte[] address =
                address(halves[0])
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "it is no IP address or range, as"
                                                        + " 203.0.113.0/24"));
        int most = address.length * Byte.SIZE;
        int prefix = most;
        if (halves.length == 2) {
            if (!halves[1].matches("[0-9]{1,3}") || Integer.parseInt(halves[1]) > most) {
                throw new IllegalArgumentException(
                        "the length of its prefix is a number from 0 to " + most);
            }
            prefix = Integer.parseInt(halves[1]);
        }
        return new Network(address, prefix);
    }

    boolean contains(String text) {
        Optional<byte[]> candidate = address(text);
        if (candidate.isEmpty() || candidate.get().length != address.length) {
            return false;
        }
        byte[] actual = candidate.get();
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            int at = bit / Byte.SIZE;
            if ((actual[at] & mask) != (address[at] & mask)) {
                return false;
            }
        }
        return true;
    }

    static boolean isAddress(String text) {
        return address(text).isPresent();
    }

    /** Never asks a name server: only what looks like an address is looked at. */
    private static Optional<byte[]> address(String text) {
        boolean four = FOUR.matcher(text).matches();
        boolean six = text.contains(":") && SIX.matcher(text).matches();
        if (!four && !six) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text).getAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
