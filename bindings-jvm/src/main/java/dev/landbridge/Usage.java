package dev.landbridge;

import java.time.Duration;
import java.util.OptionalLong;

// generated: java.usage
/**
 * What the guests of a store use and used; see {@link Store#usage()}.
 *
 * @param memoryBytes bytes that all memories and the garbage-collected heap have now
 * @param peakMemoryBytes the most bytes they ever had
 * @param tableElements elements that all tables have now
 * @param instances instances that were made
 * @param outputBytes bytes written to stdout and stderr
 * @param writtenBytes bytes written into files of granted folders, counted as {@link Limits#writtenBytes()} says
 * @param openFiles files and folders that guests have open now, granted folders aside
 * @param fuelUsed fuel used since it was last set; empty in a store without that limit
 * @param lastCall how long the last call from Java took, in steps of about a millisecond; zero if it took less
 * @param handles handles of resources that Java holds now or has given to components; handles of the components' own
 *     are not counted
 */
public record Usage(
        long memoryBytes,
        long peakMemoryBytes,
        long tableElements,
        long instances,
        long outputBytes,
        long writtenBytes,
        long openFiles,
        OptionalLong fuelUsed,
        Duration lastCall,
        long handles)
// end generated
    {
    static Usage read(FrameReader frame) {
        return new Usage(
                // generated: java.usage_read
                frame.int64(),
                frame.int64(),
                frame.int64(),
                frame.int64(),
                frame.int64(),
                frame.int64(),
                frame.int64(),
                frame.optionalLong(),
                Duration.ofNanos(frame.cappedLong()),
                frame.int64());
                // end generated
    }
}
