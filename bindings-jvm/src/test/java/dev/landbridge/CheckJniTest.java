package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A JVM that checks every use of JNI has nothing to say. */
class CheckJniTest {
    public static void main(String[] args) throws Exception {
        new HostTest().everyPrimitiveInterface();
        new HostTest().manyCallbacksInOneCallLeaveNoReferences();
        new HostTest().resultsAreChecked();
        new HostTest().functionsOfJavaInTables();
        new HostTest().theVeryExceptionArrivesWithTheGuestsFrames();
        new CallTest().byNameBoxesEveryType();
        new CallTest().wholeInterfaces();
        new GcTest().structs();
        new GcTest().whatAnAnyrefTakes();
        new ExceptionTest().theVeryExceptionComesThroughNestedCalls();
        new ExceptionTest().throughInterfaces();
        new ModuleTest().inspecting();
        new ModuleTest().plainValues();
        new SandboxTest().aPolicyIsAValue();
        new SandboxTest().manyWritesInOneCallLeaveNoReferences();
        new SandboxTest().whatAFunctionForOutputThrows();
        new SandboxTest().exitCodes();
        new SandboxTest().anInterruptedThreadMakesShortCalls();
        new GrantsTest().eachGrantIsOfItsSort();
        new GrantsTest().namesAndRequests();
        new GrantsTest().aFolderInMemoryIsAValue();
        new GrantsTest().manyFiles();
        new GrantsTest().refusalsGoToAFunction();
        new GrantsTest().anExitKeepsItsCodeThroughGuests();
        new AsyncCallTest().everySortOfResult();
        new AsyncCallTest().whatFailsComesOutAsItself();
        new AsyncCallTest().cancelledWhileItRuns();
        new AsyncCallTest().interruptedWhileItWaitsForItsTurn();
        new PoolTest().reuseKeepsWhatWasLeftBehind();
        new PoolTest().whatWasGivenBackIsClosed();
        new PoolTest().whatCannotBeMadeShowsAtOnce();
        new MisuseTest().memory();
        new MisuseTest().closing();
        System.out.println("done");
    }

    /** That of the classes, by the build; the library's must be the same. */
    static final String VERSION = System.getProperty("landbridge.version");

    static String output(String... options) throws Exception {
        return output(Map.of(), options);
    }

    /** What a JVM says that has these variables in its environment too. */
    static String output(Map<String, String> variables, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(variables);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text;
    }

    @Test
    void nothingToSay() throws Exception {
        String text = output(named(library()), "-Xcheck:jni", CheckJniTest.class.getName());
        // The engine's own signal handlers, which pass on what is not theirs, are reported: that is known.
        assertFalse(text.contains("in native method"), text);
        assertFalse(text.contains("JNI local refs"), text);
        contains(text, "done");
    }

    /** Says where the library was looked for. */
    static final class Version {
        public static void main(String[] args) {
            try {
                System.out.println(Engine.version());
            } catch (UnsatisfiedLinkError e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void theLibraryIsFoundOrTheErrorSaysWhy() throws Exception {
        String version = Version.class.getName();
        String onPath = "-Djava.library.path=" + library().getParent();
        contains(output(named(library()), version), VERSION);
        contains(output(onPath, version), VERSION);
        contains(output(named(Path.of("/no/such.so")), version), "/no/such.so: there is no such file");
        contains(output("-Djava.library.path=", version),
                "there is none for " + LibraryPlatform.name() + " on the class path or the module path. Add the dependency"
                        + " dev.landbridge:landbridge-natives-" + LibraryPlatform.name() + ":" + Native.VERSION);
    }

    /** LD_LIBRARY_PATH is in the property, and a process without a locale cannot have all paths. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the variable is that of Linux")
    void foldersThatAreNoneInThisLocaleArePassedOver() throws Exception {
        String version = Version.class.getName();
        Map<String, String> poor = Map.of("LC_ALL", "C", "LD_LIBRARY_PATH", "/no/jürgen:" + library().getParent());
        contains(output(poor, version), VERSION);
        contains(output(poor, "-D" + Library.PATH_PROPERTY + "=/no/jürgen.so", version),
                "this cannot be a path in the locale of this process");
        contains(output(named(library().getParent()), version), library().getParent() + ": this is a folder; name the file");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the library is one of Linux")
    void anotherLibraryIsTold() throws Exception {
        Path other = Path.of(System.getProperty("java.home"), "lib", "libverify.so");
        contains(output(named(other), Version.class.getName()),
                other + ": this is another library: take " + library().getFileName() + " of version " + Native.VERSION);
    }

    static Path library() {
        String file = System.mapLibraryName(LibraryCopies.NAME);
        return Path.of(System.getProperty("java.library.path"), file).toAbsolutePath().normalize();
    }

    static String named(Path library) {
        return "-D" + Library.PATH_PROPERTY + "=" + library;
    }

    private static void contains(String text, String part) {
        assertTrue(text.contains(part), text);
    }
}
