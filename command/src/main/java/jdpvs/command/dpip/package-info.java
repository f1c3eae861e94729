/** {@code dpip}: links, addresses, routes and neighbours (facts: cli §2, §3). */
package jdpvs.command.dpip;
