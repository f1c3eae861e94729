/** The control plane: changes as transactions, views for listings. */
package jdpvs.daemon.plane;
