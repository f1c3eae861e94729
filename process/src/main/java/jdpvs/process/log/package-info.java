/** Where log lines go. */
package jdpvs.process.log;
