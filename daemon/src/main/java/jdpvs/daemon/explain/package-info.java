/** Says what dpvs does with a packet and why, from the live tables and without touching them: one class for each stage of the pipeline. */
package jdpvs.daemon.explain;
