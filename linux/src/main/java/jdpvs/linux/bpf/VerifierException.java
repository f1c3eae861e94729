package jdpvs.linux.bpf;

/** The kernel's verifier refused a program: a defect of ours, or a kernel older than the program needs. */
public final class VerifierException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String log;

    VerifierException(String program, String place, String log) {
        super("the kernel refuses the eBPF program " + program + " at " + place + ":\n" + log);
        this.log = log;
    }

    /** The end of what the verifier said. */
    public String log() {
        return log;
    }
}
