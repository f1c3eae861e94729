/**
 * Whole-system tests: the launchers in {@code bin/}, real clients and servers, in network namespaces that {@code lab/} builds. They know
 * nothing of the other rooms' classes; only {@link jdpvs.e2e.ArchitectureTest} looks at those, as bytes.
 */
@NullMarked
package jdpvs.e2e;

import org.jspecify.annotations.NullMarked;
