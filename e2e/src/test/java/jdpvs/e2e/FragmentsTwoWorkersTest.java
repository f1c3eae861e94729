package jdpvs.e2e;

/** Fragments with two workers: those of one connection may arrive at either.  */
class FragmentsTwoWorkersTest extends FragmentsContract {
    FragmentsTwoWorkersTest() {
        super(2);
    }
}
