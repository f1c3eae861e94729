/** The life of the process: its words, its start in the background, its signals, reading the configuration again, its end. */
package jdpvs.keepalived.start;
