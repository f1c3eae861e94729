/**
 * The operator's tools: grammar and printing over the control API. {@link jdpvs.command.Tools} finds them by name,
 * {@link jdpvs.command.CommandService} runs them for a launcher.
 */
package jdpvs.command;
