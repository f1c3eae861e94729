/** The operator's tools: grammar and printing over the control API. */
package jdpvs.command;
