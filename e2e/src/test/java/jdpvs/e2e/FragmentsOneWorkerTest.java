package jdpvs.e2e;

/** Fragments with one worker.  */
@Soak
class FragmentsOneWorkerTest extends FragmentsContract {
    FragmentsOneWorkerTest() {
        super(1);
    }
}
