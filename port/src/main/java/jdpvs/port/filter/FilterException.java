package jdpvs.port.filter;

/** A filter that cannot be understood; the message is a sentence that names the word. */
public final class FilterException extends Exception {
    private static final long serialVersionUID = 1L;

    FilterException(String sentence) {
        super(sentence);
    }
}
