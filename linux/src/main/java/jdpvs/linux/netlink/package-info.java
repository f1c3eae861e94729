/** What the kernel's network configuration is now, and when it changes: a small client of rtnetlink(7). */
package jdpvs.linux.netlink;
