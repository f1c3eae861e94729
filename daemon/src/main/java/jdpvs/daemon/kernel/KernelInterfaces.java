package jdpvs.daemon.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import jdpvs.control.Views;
import org.jspecify.annotations.Nullable;

/** Those of all devices. */
public final class KernelInterfaces {
    private final @Nullable KernelInterface[] byDevice;

    /** @param deviceCount one more than the highest device id */
    public KernelInterfaces(int deviceCount, List<KernelInterface> interfaces) {
        byDevice = new KernelInterface[deviceCount];
        for (KernelInterface one : interfaces) {
            byDevice[one.device()] = one;
        }
    }

    public static KernelInterfaces none() {
        return new KernelInterfaces(0, List.of());
    }

    /** The one beside a device, or null. Allocates nothing. */
    public @Nullable KernelInterface beside(int device) {
        return device >= 0 && device < byDevice.length ? byDevice[device] : null;
    }

    /** In the order of their devices. */
    public List<KernelInterface> all() {
        return Stream.of(byDevice).filter(Objects::nonNull).toList();
    }

    public boolean isCopying() {
        return Arrays.stream(byDevice).anyMatch(one -> one != null && one.isCopying());
    }

    public List<Views.KernelInterface> views() {
        return all().stream().map(KernelInterface::view).toList();
    }
}
