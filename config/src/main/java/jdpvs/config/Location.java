package jdpvs.config;

/**
 * A place in a configuration file.
 *
 * @param line from 1; 0 = the file as a whole
 */
public record Location(String file, int line) {
    /** {@code /etc/dpvs.conf:12}. */
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line;
    }
}
