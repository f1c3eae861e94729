/** What every long-running program of the project has in common. */
package jdpvs.process;
