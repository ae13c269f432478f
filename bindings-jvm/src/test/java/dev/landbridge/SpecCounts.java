package dev.landbridge;

/** How many assertions passed, failed, were skipped. */
final class SpecCounts {
    int passed;
    int failed;
    int skipped;

    @Override
    public String toString() {
        return passed + " passed, " + failed + " failed, " + skipped + " skipped";
    }
}
