package jdpvs.port.memory;

import java.util.stream.Stream;
import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.MacAddresses;
import jdpvs.port.Port;
import jdpvs.port.PortDriver;
import jdpvs.port.PortException;
import jdpvs.port.PortOptions;

/** {@code memory}: a port that receives nothing and swallows what is sent. */
public final class MemoryDriver implements PortDriver {
    private static final int MTU = 1500;
    private static final int BUFFER_BYTES = 2048;

    @Override
    public Port open(String name, String specification, String arguments, PortOptions options) throws PortException {
        if (!arguments.isEmpty()) {
            throw new PortException("port " + name + ": '" + specification + "': the kind memory takes no arguments");
        }
        var queues = Stream.generate(() -> new MemoryQueue(
                        new FrameBuffers(Burst.CAPACITY, BUFFER_BYTES), FrameSource.NONE, FrameSink.DISCARD))
                .limit(options.queueCount())
                .toList();
        return new MemoryPort(name, MacAddresses.of(name), MTU, queues);
    }

    @Override
    public long memoryBytes(PortOptions options) {
        return options.queueCount() * FrameBuffers.memoryBytes(Burst.CAPACITY, BUFFER_BYTES);
    }
}
