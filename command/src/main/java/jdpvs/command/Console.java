package jdpvs.command;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import jdpvs.control.Control;

/**
 * What a command sees of the world.
 *
 * @param in standard input; ends when the user interrupts a command that runs until then; read only by commands that say so
 * @param bytes standard output for what is no text; a command uses either this or {@code out}; a flush fails when the client is gone
 * @param out standard output; {@link PrintWriter#checkError} tells that the client is gone
 * @param control the balancer it talks to
 */
public record Console(InputStream in, OutputStream bytes, PrintWriter out, PrintWriter error, Control control) {}
