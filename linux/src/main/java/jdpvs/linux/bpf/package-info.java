/**
 * eBPF without a compiler: {@link jdpvs.linux.bpf.Assembler} writes programs, {@link jdpvs.linux.bpf.Program} loads them,
 * {@link jdpvs.linux.bpf.BpfMap} shares tables with them, {@link jdpvs.linux.bpf.Link} attaches them. Nothing is pinned: all of it is gone when
 * its descriptors close, at the latest when the process dies.
 *
 * <p>Sources: linux/bpf.h, Documentation/bpf/standardization/instruction-set.rst of the kernel.
 */
package jdpvs.linux.bpf;
