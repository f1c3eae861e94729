/** The PROXY protocol: a header before the first payload that says who speaks, versions 1 (a line of text) and 2 (binary). */
package jdpvs.wire.proxy;
