package jdpvs.port.bond;

/** Who takes frames of the link's own from a bond's control queues. */
interface LinkProtocol {
    /** Nobody. */
    LinkProtocol NONE = (slave, frame, length) -> false;

    /**
     * @param slave the frame came in by
     * @return whether it was taken, so that nobody else sees it
     */
    boolean takes(int slave, long frame, int length);
}
