package jdpvs.stack;

/** One worker's way to the kernel's side of its devices (KNI), for frames that only a worker can tell to be of no use here; {@link jdpvs.port.KernelFrames} go another way. */
public interface KernelSide {
    /** No device has a kernel interface. */
    KernelSide NONE = (device, frame, length) -> false;

    /**
     * Gives a frame, as it came in, to the kernel's interface beside a device; what becomes of it there, the interface counts.
     *
     * @return false when the device has no such interface: the frame is still the caller's
     */
    boolean take(int device, long frame, int length);
}
