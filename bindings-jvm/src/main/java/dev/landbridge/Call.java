package dev.landbridge;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** A call in flight on a thread of an engine's. What is derived from it is an ordinary future. */
final class Call<T> extends CompletableFuture<T> {
    /** Of its own: whoever has the future may lock that. */
    private final Object lock = new Object();

    private final LongSupplier booking;
    private Callable<T> what;
    /** Its place among the calls of its store; zero if it has none, or has begun. */
    private long place;

    /** The same once it has begun, until all that follows on it is done. */
    private long begun;

    private Workers.Worker runner;
    private volatile boolean cancelled;
    private T result;
    private Throwable thrown;

    private Call(LongSupplier booking, Callable<T> what) {
        this.booking = booking;
        this.what = what;
    }

    /** Starts one of no store. */
    static <T> Call<T> start(Line line, Callable<T> what) {
        return start(line, () -> 0, what);
    }

    /** Starts one whose place among the calls of its store {@code booking} gives, or zero. */
    static <T> Call<T> start(Line line, LongSupplier booking, Callable<T> what) {
        Call<T> call = new Call<>(booking, what);
        line.run(call);
        return call;
    }

    /** Takes its place: calls of the store that are made from now on wait for it. */
    void book() {
        place = booking.getAsLong();
    }

    /** Lets others go on without it, unless it has begun. */
    void giveUp() {
        long booked = takePlace();
        if (booked != 0) {
            Native.placeGiveUp(booked);
        }
    }

    private long takePlace() {
        synchronized (lock) {
            long booked = place;
            place = 0;
            return booked;
        }
    }

    /** Runs it on this thread, unless it is done before that. Nobody hears of the outcome until {@link #tell}. */
    void run() {
        Callable<T> todo = begin((Workers.Worker) Thread.currentThread());
        if (todo == null) {
            giveUp();
            return;
        }
        try {
            begun = takePlace();
            result = inPlace(begun, todo);
        } catch (Throwable e) {
            thrown = e;
        } finally {
            end();
        }
    }

    /** Runs it when it is its turn, with all others kept out. */
    private static <T> T inPlace(long booked, Callable<T> todo) throws Exception {
        if (booked == 0) {
            return todo.call();
        }
        Native.placeBegin(booked);
        try {
            return todo.call();
        } finally {
            Native.placeEnd(booked);
        }
    }

    private Callable<T> begin(Workers.Worker me) {
        synchronized (lock) {
            Callable<T> todo = cancelled || isDone() ? null : what;
            what = null;
            if (todo != null) {
                runner = me;
                me.running = this;
            }
            return todo;
        }
    }

    /** From here on nobody interrupts the thread, and it forgets that somebody did. */
    private void end() {
        synchronized (lock) {
            runner.running = null;
            runner = null;
        }
        Thread.interrupted();
    }

    /** Completes the future, and so runs what follows. */
    void tell() {
        if (cancelled) {
            super.cancel(true);
        } else if (thrown != null) {
            completeExceptionally(thrown);
        } else {
            complete(result);
        }
        result = null;
        thrown = null;
        rest();
    }

    /** The thread does nothing more for it. */
    private void rest() {
        if (begun != 0) {
            Native.placeRest(begun);
            begun = 0;
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        interrupt();
        return super.cancel(mayInterruptIfRunning);
    }

    /** Ends what runs, also if the future is complete by now: its time may have been up. */
    private void interrupt() {
        synchronized (lock) {
            cancelled = true;
            what = null;
            if (runner != null) {
                runner.interrupt();
                return;
            }
        }
        giveUp();
    }

    /** Whether what this thread runs was cancelled. It is told so even if a function of Java took the interrupt. */
    static boolean isUnwanted() {
        return Thread.currentThread() instanceof Workers.Worker me && me.running != null && me.running.cancelled;
    }
}
