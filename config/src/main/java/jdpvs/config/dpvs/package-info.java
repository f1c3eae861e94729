/** dpvs.conf: grammar, keys, defaults, messages. */
package jdpvs.config.dpvs;
