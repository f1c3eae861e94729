/** Health checks: which real servers are well, and so which dpvs is to have. */
package jdpvs.keepalived.check;
