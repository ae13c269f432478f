package dev.landbridge;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a policy grants, the network aside. */
record PolicyContent(
        Map<String, Dir> dirs,
        Map<String, MemoryDir> memoryDirs,
        Map<String, String> env,
        List<String> args,
        GuestClock clock,
        GuestRandom random) {
    static PolicyContent read(FrameReader frame) {
        return new PolicyContent(
                map(frame, PolicyContent::dir),
                map(frame, MemoryDir::read),
                map(frame, FrameReader::text),
                frame.list(FrameReader::text),
                clock(frame),
                random(frame));
    }

    /** In the order of the frame. */
    private static <T> Map<String, T> map(FrameReader frame, Function<FrameReader, T> read) {
        Map<String, T> map = new LinkedHashMap<>();
        frame.list(it -> Map.entry(it.text(), read.apply(it))).forEach(it -> map.put(it.getKey(), it.getValue()));
        return Collections.unmodifiableMap(map);
    }

    private static Dir dir(FrameReader frame) {
        return new Dir(Path.of(frame.text()), access(frame));
    }

    static Access access(FrameReader frame) {
        return frame.bool() ? Access.WRITE : Access.READ;
    }

    private static GuestClock clock(FrameReader frame) {
        return switch (frame.number()) {
            case 0 -> GuestClock.none();
            case 1 -> GuestClock.fixed(instant(frame));
            case 2 -> GuestClock.stepped(instant(frame), duration(frame));
            default -> GuestClock.real();
        };
    }

    private static Instant instant(FrameReader frame) {
        return Nanos.instant(frame.int64());
    }

    private static Duration duration(FrameReader frame) {
        return Nanos.duration(frame.int64());
    }

    private static GuestRandom random(FrameReader frame) {
        return switch (frame.number()) {
            case 0 -> GuestRandom.none();
            case 1 -> GuestRandom.seeded(frame.int64());
            default -> GuestRandom.secure();
        };
    }
}
