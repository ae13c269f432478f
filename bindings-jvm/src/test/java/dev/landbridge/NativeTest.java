package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The natives are those that the native side registers: its own number is made of their names and signatures, too. */
class NativeTest {
    @Test
    void theNumberIsOfAllNamesAndSignatures() {
        assertEquals(number(lines()), Native.ABI, "what Native.ABI must be is the first number");
        Library.load();
        assertEquals(Native.VERSION, Native.version(), "the library is loaded, so its own number is the same");
        assertEquals(System.getProperty("landbridge.version"), Native.VERSION, "the version is that of the pom");
    }

    @Test
    void anotherLetterIsAnotherNumber() {
        String lines = lines();
        assertEquals(true, lines.contains("call1(JJ)J\n"), lines);
        assertEquals(false, number(lines) == number(lines.replace("call1(JJ)J", "call1(JI)J")));
    }

    private static String lines() {
        return Stream.of(Native.class.getDeclaredMethods())
                .filter(method -> Modifier.isNative(method.getModifiers()))
                .map(NativeTest::line)
                .sorted()
                .collect(Collectors.joining());
    }

    private static String line(Method method) {
        MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
        return method.getName() + type.descriptorString() + "\n";
    }

    /** FNV-1a, as {@code natives.rs} has it. */
    private static int number(String lines) {
        int sum = 0x811c9dc5;
        for (byte one : lines.getBytes(StandardCharsets.US_ASCII)) {
            sum = (sum ^ one) * 0x01000193;
        }
        return sum;
    }
}
