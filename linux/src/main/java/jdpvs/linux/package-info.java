/**
 * The kernel through the foreign function interface: one small class per topic, every function of libc called by its name.
 *
 * <p>Native addresses are {@code long}s. A call that fails throws {@link jdpvs.linux.SystemCallException}; only the few calls of the packet
 * path return -1 and leave the error number in a {@link jdpvs.linux.CallState}.
 */
package jdpvs.linux;
