/** Benchmarks: what a packet costs. */
@NullMarked
package jdpvs.bench;

import org.jspecify.annotations.NullMarked;
