/** {@code dpvsctl}: what DPVS has no tool for. Status, drops with their reasons, connections by filter. */
package jdpvs.command.dpvsctl;
