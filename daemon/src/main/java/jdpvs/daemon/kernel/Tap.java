package jdpvs.daemon.kernel;

/** An interface of the kernel's whose wire we are: what the kernel sends we read, what we write it receives. */
public interface Tap extends AutoCloseable {
    /** The kernel has taken the frame. */
    int TAKEN = 0;

    /** What {@link #read} answers when the interface is no more. */
    int GONE = -1;

    /** Bytes of the longest frame. */
    int LONGEST = 65_535 + 22;

    String name();

    /** Readable when a frame waits; -1 for one that must be asked. */
    int descriptor();

    /**
     * Reads a frame without waiting; one thread.
     *
     * @param frame where the Ethernet header goes, behind its {@link jdpvs.wire.VirtioNetHeader}; {@link #LONGEST} bytes of room
     * @return its length in bytes, 0 when there is none, {@link #GONE}
     */
    int read(long frame);

    /**
     * Gives the kernel a frame; any thread.
     *
     * @param frame address of the Ethernet header, behind its {@link jdpvs.wire.VirtioNetHeader}
     * @return {@link #TAKEN}, or the errno
     */
    int write(long frame, int length);

    /** Shows the kernel whether the link is up. */
    void carrier(boolean on);

    /** The interface may stay, without a carrier. */
    @Override
    void close();

    /** Closes it, and the interface goes with its addresses; its name is free on return. */
    void remove();
}
