package jdpvs.daemon.plane;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.NetworkEditor;
import jdpvs.stack.NetworkException;
import jdpvs.wire.Address;

/** Gives every device that is dpvs's alone its link-local address (RFC 4291 §2.5.6). */
final class LinkLocalAddresses {
    private final SecureRandom random = new SecureRandom();
    private final byte[] ownSecret = random.generateSeed(16);

    /** The configuration with the link-local addresses of a mode instead of those it has. */
    NetworkConfiguration follow(NetworkConfiguration network, LinkLocalMode mode) {
        NetworkEditor editor = network.edit();
        boolean wanted = network.settings().ipv6() && mode.kind() != LinkLocalMode.Kind.NONE;
        try {
            for (InterfaceAddress address : network.addresses()) {
                if (address.automatic()) {
                    editor.deleteAddress(address.address(), 0, address.device());
                }
            }
            for (Device device : network.devices()) {
                if (wanted && !device.shared()) {
                    put(editor, device, mode);
                }
            }
        } catch (NetworkException e) {
            throw new IllegalStateException("an address that is there could not be deleted", e);
        }
        return editor.build();
    }

    /** The configuration with the link-local addresses of devices that were not there before. */
    NetworkConfiguration complete(NetworkConfiguration before, NetworkConfiguration network, LinkLocalMode mode) {
        List<Device> added = network.devices().stream()
                .filter(device -> !before.devices().contains(device))
                .toList();
        if (added.isEmpty() || !network.settings().ipv6() || mode.kind() == LinkLocalMode.Kind.NONE) {
            return network;
        }
        NetworkEditor editor = network.edit();
        try {
            for (Device device : added) {
                put(editor, device, mode);
            }
        } catch (NetworkException e) {
            throw new IllegalStateException("a new device could not get its link-local address", e);
        }
        return editor.build();
    }

    /**
     * One that the operator has given already stays his. A VLAN device has its link's MAC address, but an address is on one device only: where that of the MAC
     * address is taken, it gets one of {@code stable-privacy}.
     */
    private void put(NetworkEditor editor, Device device, LinkLocalMode mode) throws NetworkException {
        Address address = new Address(Address.LINK_LOCAL.high(), identifier(device, mode));
        InterfaceAddress taken = editor.address(address);
        if (taken != null && taken.device().id() != device.id()) {
            address = new Address(Address.LINK_LOCAL.high(), stable(device, secret(mode)));
            taken = editor.address(address);
        }
        if (taken == null) {
            editor.addAddress(InterfaceAddress.linkLocal(address, device));
        }
    }

    private long identifier(Device device, LinkLocalMode mode) {
        return switch (mode.kind()) {
            case STABLE_PRIVACY -> stable(device, secret(mode));
            case RANDOM -> random.nextLong();
            case EUI64, NONE -> eui64(device.macAddress());
        };
    }

    private byte[] secret(LinkLocalMode mode) {
        return mode.secret() == null ? ownSecret : HexFormat.of().parseHex(mode.secret());
    }

    /** RFC 4291 appendix A: the MAC address with {@code ff:fe} in its middle and the universal bit turned. */
    static long eui64(long macAddress) {
        long upper = macAddress >>> 24 ^ 0x02_0000L;
        return upper << 40 | 0xff_fe00_0000L | (macAddress & 0xff_ffff);
    }

    /** RFC 7217 §5, with SHA-256 as F, the device's name as interface, and no network identifier. */
    static long stable(Device device, byte[] secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(
                    ByteBuffer.allocate(8).putLong(Address.LINK_LOCAL.high()).array());
            digest.update(device.name().getBytes(StandardCharsets.UTF_8));
            digest.update(secret);
            return ByteBuffer.wrap(digest.digest()).getLong(24);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
