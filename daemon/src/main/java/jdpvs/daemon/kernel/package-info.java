/** The kernel's side of the devices: their kernel interfaces (KNI), and the thread that serves these and the links' own protocols. */
package jdpvs.daemon.kernel;
