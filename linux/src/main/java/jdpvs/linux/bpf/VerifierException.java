package jdpvs.linux.bpf;

/** The kernel's verifier refused a program: a defect of ours, or a kernel older than the program needs. */
public final class VerifierException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;
    private final String log;

    VerifierException(String program, String place, String log) {
        super("the kernel refuses the eBPF program " + program + " at " + place + ":\n" + log);
        this.sentence = "the kernel refuses the eBPF program " + program + " at " + place + ": " + complaint(log);
        this.log = log;
    }

    /** Which program, where and why, in one line. */
    public String sentence() {
        return sentence;
    }

    /** What the verifier said last; it ends with how much work it had. */
    private static String complaint(String log) {
        return log.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("processed "))
                .reduce("for a reason it does not tell", (before, line) -> line.strip());
    }

    /** The end of what the verifier said. */
    public String log() {
        return log;
    }
}
