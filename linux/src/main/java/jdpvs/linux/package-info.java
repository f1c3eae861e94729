/** The kernel through the foreign function interface. */
package jdpvs.linux;
