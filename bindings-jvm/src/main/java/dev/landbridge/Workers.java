package dev.landbridge;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of an engine that run asynchronous calls: daemons, each started when there is work for it, and ended when
 * there has been none for a while.
 */
final class Workers {
    private static final int IDLE_SECONDS = 10;
    private static final long GUEST_STACK_BYTES = 512 << 10;

    /** For functions of Java and for what a finished call sets off, beside the guest's stack. */
    private static final long JAVA_STACK_BYTES = 1536 << 10;

    private final AtomicInteger started = new AtomicInteger();
    private final ThreadPoolExecutor threads;
    private final long stackBytes;
    final int most;

    /** Zero stands for what the engine has by itself. */
    Workers(int most, long guestStackBytes) {
        this.most = most;
        stackBytes = (guestStackBytes == 0 ? GUEST_STACK_BYTES : guestStackBytes) + JAVA_STACK_BYTES;
        threads = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
        threads.allowCoreThreadTimeOut(true);
    }

    static int most() {
        return Math.min(32, Runtime.getRuntime().availableProcessors() + 4);
    }

    /** One of the threads. */
    static final class Worker extends Thread {
        /** What it runs now; only looked at by itself. */
        Call<?> running;

        private Worker(Runnable what, String name, long stackBytes) {
            super(null, what, name, stackBytes, false);
            setDaemon(true);
            setContextClassLoader(ClassLoader.getSystemClassLoader());
        }
    }

    private Thread thread(Runnable what) {
        return new Worker(what, "landbridge-call-" + started.incrementAndGet(), stackBytes);
    }

    /** Runs a job on one of the threads, after those that came before. Throws {@code limit} if there can be none. */
    void run(Runnable job) {
        try {
            threads.execute(job);
        } catch (OutOfMemoryError e) {
            if (threads.getPoolSize() > 0) {
                threads.getQueue().add(job); // One that is there does it later.
                return;
            }
            WasmException none = Messages.noCallThread(e.getMessage());
            none.initCause(e);
            throw none;
        }
    }
}
