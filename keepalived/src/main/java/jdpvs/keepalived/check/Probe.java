package jdpvs.keepalived.check;

import org.jspecify.annotations.Nullable;

/** One kind of question to a real server. An object belongs to one check and is asked by one thread at a time. */
interface Probe {
    /**
     * Asks once and waits for the answer, never longer than the check's time-outs allow.
     *
     * @param up what the check says of the server now
     * @throws InterruptedException when the calling thread is interrupted
     */
    Result run(boolean up) throws InterruptedException;

    /** How many successes in a row bring a check that is down up again. */
    default int successesNeeded() {
        return 1;
    }

    /**
     * @param reason of a failure, a clause such as {@code connection refused}; empty after a success
     * @param weight that the server says it is worth; null = it says nothing
     * @param decided false = this host could not ask, which says nothing of the server
     */
    record Result(boolean ok, String reason, @Nullable Integer weight, boolean decided) {
        private static final Result SUCCESS = new Result(true, "", null);

        Result(boolean ok, String reason, @Nullable Integer weight) {
            this(ok, reason, weight, true);
        }

        static Result success() {
            return SUCCESS;
        }

        static Result failure(String reason) {
            return new Result(false, reason, null);
        }

        static Result undecided(String reason) {
            return new Result(false, reason, null, false);
        }
    }
}
