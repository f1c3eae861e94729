package jdpvs.keepalived.configuration;

/**
 * A {@code vrrp_track_file}: the number in it, times the weight, is added to the priority.
 *
 * @param weight 0 = a number other than 0 is the instance's fault
 */
public record TrackFile(String name, String path, int weight, boolean reverse) {}
