package jdpvs.control;

import java.util.Locale;
import java.util.function.LongFunction;
import jdpvs.wire.Address;

/** The steps of a {@link PacketEvent} in words. */
public final class StepText {
    private StepText() {}

    /** @param device the name of a device by its number, from 0 */
    public static String of(PacketEvent event, LongFunction<String> device) {
        long first = event.first();
        long second = event.second();
        return switch (event.name()) {
            case "connection-found" ->
                "connection " + first + (second == 1 ? ", from the server" : ", from the client");
            case "service-found" -> "a service takes it";
            case "server-chosen" -> "the scheduler chose server " + first;
            case "local-port-taken" -> "local address " + address(event).withPort((int) first);
            case "connection-opened" -> "connection " + first + " opened";
            case "connection-reused" -> "the closed connection " + first + " makes room for a new one";
            case "half-open-evicted" -> "the half-open connection " + first + " makes room";
            case "route-found" -> "route by " + device.apply(first) + " to " + address(event);
            case "waits-for-neighbour" ->
                "waits for the MAC address of " + address(event) + " on " + device.apply(first);
            case "neighbour-found" -> "next hop on " + device.apply(first) + " is " + mac(second);
            case "state-changed" -> "TCP state changed";
            case "client-address-told" -> "client address " + address(event).withPort((int) first) + " put in";
            case "proxy-header-sent" -> "PROXY header v" + second + " of " + first + " bytes sent";
            case "proxy-header-replaced" ->
                "the client's own PROXY header v" + second + " (" + first + " bytes) taken out";
            case "proxy-header-kept" -> "the client's own PROXY header v" + second + " (" + first + " bytes) passed on";
            case "to-stack" -> "neither connection nor service: the local stack decides";
            case "handed-over" -> "handed to worker " + (first + 1);
            default -> event.name().replace('-', ' ') + " (" + first + ", " + second + ")";
        };
    }

    /** The address of a step that has one: its second and third number. */
    public static Address address(PacketEvent event) {
        return new Address(event.second(), event.third());
    }

    private static String mac(long address) {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            text.append(shift == 40 ? "" : ":").append(String.format(Locale.ROOT, "%02x", address >>> shift & 0xff));
        }
        return text.toString();
    }
}
