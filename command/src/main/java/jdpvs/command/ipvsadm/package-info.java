/** {@code ipvsadm} in DPVS's dialect (facts: cli §4, §5). */
package jdpvs.command.ipvsadm;
