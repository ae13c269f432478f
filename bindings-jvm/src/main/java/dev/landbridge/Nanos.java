package dev.landbridge;

import java.time.Duration;
import java.time.Instant;

/** Times as unsigned nanoseconds, those of clocks since 1970. */
final class Nanos {
    private static final long SECOND = 1_000_000_000;

    private Nanos() {}

    static long of(Instant time) {
        return of(Duration.between(Instant.EPOCH, time));
    }

    static long of(Duration time) {
        long seconds = time.getSeconds();
        long most = Long.divideUnsigned(-1, SECOND);
        long nanos = seconds * SECOND + time.getNano();
        if (seconds < 0 || seconds > most || seconds == most && nanos >= 0) {
            throw Messages.outOfRange("clock", time, Duration.ZERO, duration(-1));
        }
        return nanos;
    }

    static Duration duration(long nanos) {
        return Duration.ofSeconds(Long.divideUnsigned(nanos, SECOND), Long.remainderUnsigned(nanos, SECOND));
    }

    static Instant instant(long nanos) {
        return Instant.EPOCH.plus(duration(nanos));
    }
}
