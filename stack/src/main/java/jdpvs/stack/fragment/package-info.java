/** IPv4 fragments (RFC 791 §3.2): datagrams put together from them, and cut into them. */
@org.jspecify.annotations.NullMarked
package jdpvs.stack.fragment;
