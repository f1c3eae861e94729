package jdpvs.toa;

/** What was wanted could not be done; the message is the sentence for the operator, and nothing is left half done. */
final class AgentException extends Exception {
    private static final long serialVersionUID = 1L;

    AgentException(String sentence) {
        super(sentence);
    }

    AgentException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
