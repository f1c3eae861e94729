package jdpvs.e2e;

/** Fragments with one worker.  */
class FragmentsOneWorkerTest extends FragmentsContract {
    FragmentsOneWorkerTest() {
        super(1);
    }
}
