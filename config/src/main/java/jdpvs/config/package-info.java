/** Configuration files in blocks and lines: what all dialects of them have in common. A dialect has a package of its own, for example {@code jdpvs.config.dpvs}. */
package jdpvs.config;
