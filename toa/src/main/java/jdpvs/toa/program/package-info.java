/** The eBPF programs and the maps they share with the agent. */
@NullMarked
package jdpvs.toa.program;

import org.jspecify.annotations.NullMarked;
