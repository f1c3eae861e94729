package jdpvs.daemon.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import jdpvs.linux.EventDescriptor;
import jdpvs.linux.TapException;
import jdpvs.port.Port;
import jdpvs.stack.Device;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;

/** A kernel interface whose kernel is a test. Frames go with their ten bytes before them. */
final class FakeTap implements Tap {
    final List<byte[]> taken = new ArrayList<>();
    final Queue<byte[]> sending = new ConcurrentLinkedQueue<>();
    final List<Boolean> carriers = new ArrayList<>();
    int errno = TAKEN;
    boolean removed;
    /** What the next write raises instead of taking the frame. */
    boolean failing;

    private final String name;
    private final EventDescriptor event = new EventDescriptor();

    FakeTap(String name) {
        this.name = name;
    }

    /** As if it had been made for a device. */
    static KernelInterface beside(Device device, FakeTap tap, Port port) {
        try {
            return new KernelInterface(
                    device, tap.name(), Objects.requireNonNull(port.control()), (name, macAddress, mtu) -> tap);
        } catch (TapException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int descriptor() {
        return event.descriptor();
    }

    @Override
    public int read(long frame) {
        byte[] next = sending.poll();
        if (next == null) {
            return removed ? GONE : 0;
        }
        Memory.copyIn(next, 0, frame - VirtioNetHeader.LENGTH, next.length);
        return next.length - VirtioNetHeader.LENGTH;
    }

    @Override
    public int write(long frame, int length) {
        if (failing) {
            failing = false;
            throw new IllegalStateException("the interface fails");
        }
        if (errno == TAKEN) {
            byte[] bytes = new byte[VirtioNetHeader.LENGTH + length];
            Memory.copyOut(frame - VirtioNetHeader.LENGTH, bytes, 0, bytes.length);
            taken.add(bytes);
        }
        return errno;
    }

    @Override
    public void carrier(boolean on) {
        if (carriers.isEmpty() || carriers.getLast() != on) {
            carriers.add(on);
        }
    }

    @Override
    public void close() {
        event.close();
    }

    @Override
    public void remove() {
        removed = true;
        close();
    }
}
