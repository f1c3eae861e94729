/** The thin client: a command's words to the daemon, its output back. It knows the frames and nothing of the commands. */
package jdpvs.launcher;
