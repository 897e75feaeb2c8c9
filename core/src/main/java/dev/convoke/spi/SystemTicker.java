package dev.convoke.spi;

import dev.convoke.internal.thread.Daemon;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The system's clock. */
enum SystemTicker implements Ticker {
    INSTANCE;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public Alarm alarm(String name, Runnable onRing) {
        return new SystemAlarm(name, onRing);
    }

    /**
     * One timer thread, started when first set and retired when idle.
     *
     * <p>Thread-safe. The lock is never held while {@code onRing} runs.
     */
    private static final class SystemAlarm implements Alarm {
        private static final long IDLE_SECONDS = 10;

        /** How long a thread that has nothing to do outlives the closing. */
        private static final long CLOSED_IDLE_MILLIS = 50;

        private final ReentrantLock lock = new ReentrantLock();
        private final Runnable onRing;
        private final ScheduledThreadPoolExecutor timer;

        /** What is scheduled, and for when; guarded by the lock. */
        private @Nullable Setting scheduled;

        private long scheduledFor;

        SystemAlarm(String name, Runnable onRing) {
            this.onRing = onRing;
            this.timer = new ScheduledThreadPoolExecutor(1, task -> Daemon.create(task, name));
            timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
            timer.allowCoreThreadTimeOut(true);
            timer.setRemoveOnCancelPolicy(true);
        }

        @Override
        public void ringAt(long nanoTime) {
            lock.lock();
            try {
                if (scheduled == null) {
                    schedule(nanoTime);
                } else if (nanoTime - scheduledFor < 0) {
                    scheduled.cancel();
                    schedule(nanoTime);
                }
            } finally {
                lock.unlock();
            }
        }

        private void schedule(long nanoTime) {
            scheduledFor = nanoTime;
            Setting setting = new Setting();
            scheduled = setting;
            setting.task = timer.schedule(setting, nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        /** One setting; a later one takes its place, and is not forgotten when this one rings nevertheless. */
        private final class Setting implements Runnable {
            private @Nullable Future<?> task;

            @Override
            public void run() {
                lock.lock();
                try {
                    if (scheduled == this) {
                        scheduled = null;
                    }
                } finally {
                    lock.unlock();
                }
                onRing.run();
            }

            void cancel() {
                if (task != null) {
                    task.cancel(false);
                }
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (scheduled != null) {
                    scheduled.cancel();
                    scheduled = null;
                }
            } finally {
                lock.unlock();
            }
            timer.setKeepAliveTime(CLOSED_IDLE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
