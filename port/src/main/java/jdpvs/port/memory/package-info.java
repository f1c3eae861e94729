/** Ports inside the process, for tests and benchmarks: sources and sinks of frames, and ports linked to each other. */
package jdpvs.port.memory;
