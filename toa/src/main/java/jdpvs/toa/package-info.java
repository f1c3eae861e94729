/** The agent: its command line, what it attaches and pins, whom it trusts. */
@NullMarked
package jdpvs.toa;

import org.jspecify.annotations.NullMarked;
