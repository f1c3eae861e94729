/** The slow protocols of a link (IEEE 802.3 annex 57A): LACP and its markers (IEEE 802.1AX). */
package jdpvs.wire.slow;
