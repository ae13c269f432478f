package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class FrameTest {
    /** Something of everything: nested lists, texts, bytes, options and numbers. */
    private record Content(List<List<String>> texts, byte[] bytes, OptionalLong some, String none, int number) {
        static Content read(FrameReader frame) {
            return new Content(
                    frame.list(it -> it.list(FrameReader::text)),
                    frame.bytes(),
                    frame.optionalLong(),
                    frame.orNull(FrameReader::text),
                    frame.int32());
        }
    }

    private static final List<List<String>> TEXTS = List.of(List.of("one", "", "zw\u00f6lf \ud83d\ude00"), List.of());

    private static byte[] frame() {
        return new FrameWriter()
                .list(TEXTS, (frame, texts) -> frame.list(texts, (to, text) -> to.text("a text", text)))
                .bytes(new byte[1000])
                .optional(OptionalLong.of(-1))
                .bool(false)
                .int32(-7)
                .finish();
    }

    @Test
    void whatIsWrittenIsRead() {
        Content read = FrameReader.read(frame(), Content::read);
        assertEquals(TEXTS, read.texts());
        assertArrayEquals(new byte[1000], read.bytes());
        assertEquals(OptionalLong.of(-1), read.some());
        assertEquals(null, read.none());
        assertEquals(-7, read.number());
    }

    private static void refused(String text, byte[] bytes, Function<FrameReader, ?> read) {
        WasmException refused = assertThrows(WasmException.class, () -> FrameReader.read(bytes, read));
        assertEquals(ErrorKind.INTERNAL, refused.kind());
        assertTrue(refused.message().contains(text), refused.message());
    }

    @Test
    void whatIsCutAnywhereIsRefused() {
        byte[] frame = frame();
        for (int length = 0; length < frame.length; length++) {
            refused("a frame of the native library is malformed", Arrays.copyOf(frame, length), Content::read);
        }
        refused("1 bytes are left", Arrays.copyOf(frame, frame.length + 1), Content::read);
    }

    @Test
    void lengthsMakeNoRoomForWhatIsNotThere() {
        byte[] huge = new FrameWriter().int32(Integer.MAX_VALUE).finish();
        refused("2147483647 bytes or elements must follow", huge, FrameReader::bytes);
        refused("2147483647 bytes or elements must follow", huge, FrameReader::text);
        refused("2147483647 bytes or elements must follow", huge, frame -> frame.list(FrameReader::text));
        byte[] reserved = new FrameWriter().int32(-1).finish();
        refused("4294967295 bytes or elements must follow", reserved, FrameReader::bytes);
    }

    @Test
    void anotherVersionIsRefused() {
        byte[] frame = frame();
        frame[0]++;
        refused("it is of version 2", frame, Content::read);
    }

    /** Whatever the bytes are, reading them ends with what they hold or with an error of ours. */
    @Test
    void altered() {
        Random random = new Random(11);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] frame = frame();
            frame[1 + random.nextInt(80)] = (byte) random.nextInt();
            try {
                FrameReader.read(frame, Content::read);
            } catch (WasmException e) {
                assertEquals(ErrorKind.INTERNAL, e.kind());
                refused++;
            }
        }
        assertTrue(refused > 1000 && refused < 20_000, "refused " + refused);
    }

    @Test
    void halfOfASurrogatePairIsNoText() {
        WasmException refused =
                assertThrows(WasmException.class, () -> new FrameWriter().text("the name", "a\ud800"));
        assertEquals(ErrorKind.TYPE, refused.kind());
        assertTrue(refused.message().startsWith("the name is not Unicode text"), refused.message());
    }
}
