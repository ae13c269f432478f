package dev.landbridge;

import java.util.ArrayDeque;
import java.util.Queue;

/** Calls of which only so many run at a time, in their order, so that a busy store does not hold all threads. */
final class Line {
    private final Workers workers;
    private final int most;
    private final Queue<Call<?>> waiting = new ArrayDeque<>();
    private int running;

    Line(Workers workers, int most) {
        this.workers = workers;
        this.most = most;
    }

    /** The most threads that its calls run on. */
    int threads() {
        return workers.most;
    }

    /** Has a call run when it is its turn. Throws {@code limit} if no thread can be started. */
    void run(Call<?> call) {
        if (!enter(call)) {
            return;
        }
        try {
            start(call);
        } catch (Throwable e) {
            call.giveUp();
            goOn(); // Others may have come behind it.
            throw e;
        }
    }

    /** Whether it is its turn now. */
    private synchronized boolean enter(Call<?> call) {
        call.book();
        if (running == most) {
            waiting.add(call);
            return false;
        }
        running++;
        return true;
    }

    /** What follows a call may take its time, so the next one is ready before that. */
    private void start(Call<?> call) {
        workers.run(() -> {
            try {
                call.run();
            } finally {
                goOn();
            }
            call.tell();
        });
    }

    /** The next call goes behind those of other lines. */
    private void goOn() {
        for (Call<?> next = next(); next != null; next = next()) {
            try {
                start(next);
                return;
            } catch (Throwable e) {
                next.giveUp();
                next.completeExceptionally(e);
            }
        }
    }

    private synchronized Call<?> next() {
        Call<?> next = waiting.poll();
        while (next != null && next.isDone()) {
            next.giveUp();
            next = waiting.poll();
        }
        if (next == null) {
            running--;
        }
        return next;
    }
}
