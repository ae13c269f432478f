package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where the bundled library is loaded from by users without a home, and what is said where it cannot be loaded. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "mounts and users are those of Linux")
class PlacesTest {
    @TempDir
    private Path dir;

    private Path classes;
    private Path tmp;
    private Path work;

    @BeforeEach
    void bundle() throws Exception {
        dir = dir.toRealPath();
        classes = Bundle.make(dir.resolve("classes"));
        tmp = made("tmp", "rwxrwxrwx");
        Files.setAttribute(tmp, "unix:mode", 01777);
        work = made("work", "rwxr-xr-x"); // Where folders for caches could be made.
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path made(String name, String mode) throws IOException {
        Path made = Files.createDirectories(dir.resolve(name));
        return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
    }

    /** What a JVM says that is run so, in a folder where anybody may write. */
    private String said(List<String> by, Map<String, String> variables, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("-cp", classes.toString(), "-Djava.library.path="));
        all.addAll(List.of(options));
        all.add(LibraryTest.Loads.class.getName());
        Map<String, String> environment = new HashMap<>(Map.of("XDG_CACHE_HOME", "", "LANDBRIDGE_CACHE", ""));
        environment.putAll(variables);
        String text = Bundle.run(Bundle.java(by, all.toArray(new String[0])), environment, work);
        try (Stream<Path> files = Files.list(work)) {
            assertEquals(List.of(), files.toList(), "nothing is made in the working directory");
        }
        return text;
    }

    private void loadsFromTmp(String said) throws IOException {
        assertTrue(said.contains(CheckJniTest.VERSION) && said.contains(" " + tmp + "/landbridge-"), said);
        try (Stream<Path> files = Files.list(tmp)) {
            List<Path> left = files.filter(it -> !it.getFileName().toString().startsWith("hsperfdata")).toList();
            assertEquals(List.of(), left, "nothing is left behind");
        }
    }

    private String tmpdir() {
        return "-Djava.io.tmpdir=" + tmp;
    }

    @Test
    void withoutAHome() throws Exception {
        for (String home : List.of("?", "", "relative/home")) {
            loadsFromTmp(said(List.of(), Map.of("HOME", home), "-Duser.home=" + home, tmpdir()));
            Map<String, String> relative = Map.of("XDG_CACHE_HOME", "relative", "HOME", home);
            loadsFromTmp(said(List.of(), relative, "-Duser.home=" + home, tmpdir()));
        }
        loadsFromTmp(said(List.of(), Map.of(), "-Duser.home=" + Files.writeString(dir.resolve("file"), ""), tmpdir()));
    }

    /** Java's own temporary files cannot be made then. */
    @Test
    void whereTheJvmCannotReadTheNameOfItsOwnFolder() throws Exception {
        Map<String, String> ascii = Map.of("LC_ALL", "C", "XDG_CACHE_HOME", "");
        String said = said(List.of(), ascii, "-Duser.home=?", "-Djava.io.tmpdir=/no\u00fc");
        assertTrue(said.contains(CheckJniTest.VERSION) && said.contains("tmp/landbridge-"), said);
    }

    static boolean isRoot() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    }

    @Test
    @EnabledIf(value = "isRoot", disabledReason = "only root may become another user")
    void asUsersWithoutAHome() throws Exception {
        for (String user : List.of("65534", "54321")) { // Nobody, and one that the system does not know.
            Files.setAttribute(work, "unix:uid", Integer.parseInt(user));
            List<String> by = List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups");
            loadsFromTmp(said(by, Map.of("HOME", ""), tmpdir()));
            loadsFromTmp(said(by, Map.of("HOME", "?", "XDG_CACHE_HOME", "relative"), tmpdir()));
        }
    }

    /** Runs a command with other mounts: {@code option} for each of these folders. */
    private static List<String> mounted(String option, List<Path> folders) {
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-ec", """
                option=$1
                shift
                while [ "$1" != -- ]; do
                  mount --bind "$1" "$1"
                  mount -o "remount,bind,$option" "$1"
                  shift
                done
                shift
                exec "$@"
                """, "sh", option));
        folders.forEach(it -> command.add(it.toString()));
        command.add("--");
        return command;
    }

    @Test
    @EnabledIf(value = "isRoot", disabledReason = "only root may mount")
    void homesThatCannotBeUsed() throws Exception {
        Path home = made("home", "rwx------");
        for (String option : List.of("ro", "noexec")) {
            loadsFromTmp(said(mounted(option, List.of(home)), Map.of(), "-Duser.home=" + home, tmpdir()));
        }
        // If the JVM's own folder does not do either, others do.
        String said = said(mounted("noexec", List.of(home, tmp)), Map.of(), "-Duser.home=" + home, tmpdir());
        assertTrue(said.contains(CheckJniTest.VERSION) && said.contains("tmp/landbridge-"), said);
        said = said(List.of(), Map.of(), "-Duser.home=?", "-Djava.io.tmpdir=/no/such/folder");
        assertTrue(said.contains(CheckJniTest.VERSION) && said.contains("tmp/landbridge-"), said);
    }

    @Test
    @EnabledIf(value = "isRoot", disabledReason = "only root may mount")
    void whereNothingWorksEachPlaceIsToldWithItsReason() throws Exception {
        Path home = made("home", "rwx------");
        List<Path> others = Stream.of("/tmp", "/var/tmp", "/dev/shm").map(Path::of).filter(Files::isDirectory).toList();
        List<Path> all = new ArrayList<>(others);
        all.addAll(List.of(home, tmp));
        String said = said(mounted("noexec", all), Map.of(), "-Duser.home=" + home, tmpdir());
        assertTrue(said.contains("the user's folder for caches: " + home + "/.cache/landbridge/jvm/"), said);
        others.forEach(it -> assertTrue(said.contains("\n  " + it + ": " + it + "/landbridge-"), said));
        assertEquals(others.size() + 2, said.split("no code may run from there", -1).length - 1, said);
        saysWhatToDo(said);

        made("home", "rwxrwxrwx");
        made("tmp", "rwxrwxrwx");
        String open = said(mounted("ro", others), Map.of(), "-Duser.home=" + home, tmpdir());
        assertTrue(open.contains("the user's folder for caches: others may write to " + home), open);
        assertTrue(open.contains("\n  " + tmp + ": others may write to " + tmp), open);
        assertTrue(open.contains("Read-only file system"), open);
        saysWhatToDo(open);

        String none = said(mounted("ro", others), Map.of(), "-Duser.home=?", "-Djava.io.tmpdir=/no/such");
        assertTrue(none.contains("this user has no home folder (user.home is \"?\")"), none);
        assertTrue(none.contains("\n  /no/such: /no: there is no such file or folder"), none);
        saysWhatToDo(none);
    }

    private static void saysWhatToDo(String said) {
        assertTrue(said.contains("-Djava.io.tmpdir=FOLDER") && said.contains("-D" + Library.PATH_PROPERTY), said);
        assertFalse(said.contains("machine") || said.contains("version"), said);
    }

    @Test
    void whatIsNoLibraryIsSaidToBeNone() throws Exception {
        Path file = Files.writeString(dir.resolve("no-library.so"), "text");
        String said = said(List.of(), Map.of(), CheckJniTest.named(file));
        assertTrue(said.contains(file + ": it is no library for this machine: "), said);
        assertFalse(said.contains("version"), said);
    }

    @Test
    void ofAnotherVersionIsSaidOnlyOfThat() throws Exception {
        Path file = classes.resolve("dev/landbridge/Native.class");
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertTrue(bytes.contains(constant(Native.ABI)));
        String other = bytes.replace(constant(Native.ABI), constant(Native.ABI + 1));
        Files.writeString(file, other, StandardCharsets.ISO_8859_1);
        Path library = CheckJniTest.library();
        String said = said(List.of(), Map.of(), CheckJniTest.named(library));
        String expected = "Landbridge's native library cannot be loaded: " + library + ": the library is of version "
                + Native.VERSION + ", and the classes are of version " + Native.VERSION + ", but of another build: their"
                + " native interface is " + (Native.ABI + 1) + ", not " + Native.ABI + "; build both anew\n";
        assertTrue(said.startsWith(expected), said);
    }

    /** Where another version lies in the jar, it is told once, not for each place where the library could be copied to. */
    @Test
    void bothVersionsAreTold() throws Exception {
        Path file = classes.resolve("dev/landbridge/Native.class");
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, bytes.replace(Native.VERSION, "9.9.9"), StandardCharsets.ISO_8859_1);
        String expected = "Landbridge's native library cannot be loaded: %sthe library is of version " + Native.VERSION
                + ", and the classes are of version 9.9.9: use both of one version\n";
        Path library = CheckJniTest.library();
        String said = said(List.of(), Map.of(), CheckJniTest.named(library));
        assertTrue(said.startsWith(expected.formatted(library + ": ")), said);
        Path noted = Path.of(Bundle.library(classes) + LibrarySource.DIGEST);
        Files.writeString(noted, Files.readString(noted).replace(" " + Native.VERSION, ""));
        said = said(List.of(), Map.of(), "-Duser.home=?", tmpdir());
        assertTrue(said.startsWith("Landbridge's native library cannot be loaded: " + tmp), said);
        assertTrue(said.contains(expected.substring(expected.indexOf("the library is"))) && !said.contains("/var/tmp"), said);
    }

    /** How a number stands in the table of constants of a class. */
    private static String constant(int number) {
        byte[] bytes = ByteBuffer.allocate(5).put((byte) 3).putInt(number).array();
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Uses everything that can be used first, twice. */
    static final class UsesTwice {
        public static void main(String[] args) throws Exception {
            TreeSet<String> said = new TreeSet<>();
            for (int round = 0; round < 2; round++) {
                for (Class<?> one : classes()) {
                    use(one, said);
                }
            }
            said.forEach(System.out::println);
        }

        private static List<Class<?>> classes() throws Exception {
            Path here = Path.of(Library.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            List<Class<?>> all = new ArrayList<>();
            try (Stream<Path> files = Files.walk(here.resolve("dev/landbridge"))) {
                for (Path file : files.filter(it -> it.toString().endsWith(".class")).sorted().toList()) {
                    String name = here.relativize(file).toString().replace('/', '.').replaceAll("[.]class$", "");
                    boolean isTest = name.matches(".*(Test|Conformance|Spec|Bench|Bundle).*");
                    Class<?> one = isTest ? null : Class.forName(name, false, Library.class.getClassLoader());
                    if (one != null && Modifier.isPublic(one.getModifiers())) {
                        all.add(one);
                    }
                }
            }
            return all;
        }

        private static void use(Class<?> one, TreeSet<String> said) {
            List<Executable> all = new ArrayList<>(List.of(one.getConstructors()));
            for (Method method : one.getMethods()) {
                if (Modifier.isStatic(method.getModifiers()) && method.getDeclaringClass() == one) {
                    all.add(method);
                }
            }
            all.forEach(it -> use(it, said));
        }

        private static void use(Executable what, TreeSet<String> said) {
            Object[] args = Stream.of(what.getParameterTypes()).map(UsesTwice::argument).toArray();
            try {
                Object made = what instanceof Method method
                        ? method.invoke(null, args)
                        : ((java.lang.reflect.Constructor<?>) what).newInstance(args);
                if (made instanceof Engine.Builder builder) {
                    builder.build();
                }
                String.valueOf(made);
            } catch (InvocationTargetException e) {
                tell(e.getCause(), said);
            } catch (Throwable e) {
                tell(e, said);
            }
        }

        private static void tell(Throwable thrown, TreeSet<String> said) {
            if (thrown instanceof Error) {
                said.add("ERROR " + thrown);
            }
        }

        private static Object argument(Class<?> type) {
            if (type == String.class) {
                return "(module)";
            } else if (type == byte[].class) {
                return new byte[8];
            } else if (type == Path.class) {
                return Path.of("file");
            } else if (type == Limits.class) {
                return Limits.none();
            } else if (type == boolean.class) {
                return false;
            } else if (type == int.class) {
                return 1;
            } else if (type == long.class) {
                return 1L;
            } else if (type == double.class) {
                return 1.0;
            } else if (type == float.class) {
                return 1f;
            }
            return null;
        }
    }

    @Test
    void everyUseAfterAFailureSaysTheSame() throws Exception {
        List<String> command = Bundle.java(List.of(), "-cp", classes.toString(),
                CheckJniTest.named(Path.of("/no/such.so")), UsesTwice.class.getName());
        String said = Bundle.run(command, Map.of(), work);
        assertEquals("ERROR java.lang.UnsatisfiedLinkError: Landbridge's native library cannot be loaded: "
                + "/no/such.so: there is no such file\n", said);
    }
}
