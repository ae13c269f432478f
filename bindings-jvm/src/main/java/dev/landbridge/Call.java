package dev.landbridge;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** A call in flight on a thread of an engine's. What is derived from it is an ordinary future. */
final class Call<T> extends CompletableFuture<T> {
    /** Of its own: whoever has the future may lock that. */
    private final Object lock = new Object();

    private Callable<T> what;
    private Workers.Worker runner;
    private volatile boolean cancelled;
    private T result;
    private Throwable thrown;

    private Call(Callable<T> what) {
        this.what = what;
    }

    static <T> Call<T> start(Line line, Callable<T> what) {
        Call<T> call = new Call<>(what);
        line.run(call);
        return call;
    }

    /** Runs it on this thread, unless it is done before that. Nobody hears of the outcome until {@link #tell}. */
    void run() {
        Callable<T> todo = begin((Workers.Worker) Thread.currentThread());
        if (todo == null) {
            return;
        }
        try {
            result = todo.call();
        } catch (Throwable e) {
            thrown = e;
        } finally {
            end();
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
            }
        }
    }

    /** Whether what this thread runs was cancelled. It is told so even if a function of Java took the interrupt. */
    static boolean isUnwanted() {
        return Thread.currentThread() instanceof Workers.Worker me && me.running != null && me.running.cancelled;
    }
}
