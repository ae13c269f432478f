package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interfaces of a module of another class loader, which has not opened its packages, bound to exports of a core module. */
class ModulesTest {
    private static final String CALC = """
            (module
              (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
              (func (export "fail") unreachable))
            """;
    private static final String TWICE = """
            public interface Twice {
                int add(int a, int b);
                default int twice(int a) { return add(a, a); }
            }
            """;
    private static final Map<String, String> SOURCES = Map.of(
            "module-info.java", "module shop { exports shop.shown; }",
            "shop/Calc.java", "package shop; public interface Calc { int add(int a, int b); void fail(); }",
            "shop/Hidden.java", "package shop; interface Hidden { int add(int a, int b); }",
            "shop/Later.java", "package shop; import java.util.concurrent.CompletableFuture;"
                    + " public interface Later { CompletableFuture<Integer> add(int a, int b); }",
            "shop/Twice.java", "package shop; " + TWICE,
            "shop/shown/Twice.java", "package shop.shown; " + TWICE);

    @TempDir
    private Path dir;

    private ModuleLayer.Controller layer;
    private Instance calc;

    @BeforeEach
    void loadTheModule() throws IOException {
        List<String> files = new ArrayList<>(List.of("-d", dir.resolve("shop").toString()));
        for (Map.Entry<String, String> source : SOURCES.entrySet()) {
            Path file = dir.resolve("src").resolve(source.getKey());
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, source.getValue()).toString());
        }
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        assertEquals(0, javac.run(System.out, System.err, files.toArray(new String[0])));
        ModuleLayer boot = ModuleLayer.boot();
        Configuration resolved =
                boot.configuration().resolve(ModuleFinder.of(dir.resolve("shop")), ModuleFinder.of(), Set.of("shop"));
        layer = ModuleLayer.defineModulesWithOneLoader(resolved, List.of(boot), null);
        calc = Module.load(CALC).instantiate();
    }

    @AfterEach
    void close() {
        calc.close();
    }

    private Class<?> face(String name) throws ClassNotFoundException {
        return layer.layer().findLoader("shop").loadClass(name);
    }

    /** As code of the module calls it. */
    private Object call(Object object, Class<?> face, String name, Object... args) throws Exception {
        Method method = List.of(face.getMethods()).stream().filter(it -> it.getName().equals(name)).findFirst().orElseThrow();
        layer.addOpens(face.getModule(), face.getPackageName(), getClass().getModule());
        method.setAccessible(true);
        return method.invoke(object, args);
    }

    @Test
    void packagesNeedNotBeOpened() throws Exception {
        Class<?> face = face("shop.Calc");
        Object bound = calc.as(face);
        assertEquals(5, call(bound, face, "add", 2, 3));
        Throwable thrown = assertThrows(InvocationTargetException.class, () -> call(bound, face, "fail")).getCause();
        assertEquals(TrapCode.UNREACHABLE, ((Trap) thrown).code());
        assertTrue(bound.toString().startsWith("shop.Calc$Landbridge@"), bound::toString);
        assertTrue(bound.equals(bound) && !bound.equals(calc.as(face)));
    }

    @Test
    void interfacesOfOneMethodNeedNotBePublic() throws Exception {
        Class<?> face = face("shop.Hidden");
        assertEquals(7, call(calc.func("add").as(face), face, "add", 3, 4));
    }

    @Test
    void futures() throws Exception {
        Class<?> face = face("shop.Later");
        Object bound = calc.func("add").as(face);
        assertEquals(9, ((CompletableFuture<?>) call(bound, face, "add", 4, 5)).join());
    }

    @Test
    void defaultMethodsWhereThePackageIsExported() throws Exception {
        Class<?> face = face("shop.shown.Twice");
        assertEquals(6, call(calc.as(face), face, "twice", 3));
    }

    @Test
    void otherDefaultMethodsAreRefusedAtOnce() throws Exception {
        Class<?> face = face("shop.Twice");
        WasmException e = assertThrows(WasmException.class, () -> calc.as(face));
        assertEquals(ErrorKind.TYPE, e.kind());
        assertTrue(e.message().contains("shop.Twice has a default method, twice(int), which cannot be called"), e.message());
        layer.addOpens(face.getModule(), "shop", Binding.class.getModule());
        assertEquals(6, call(calc.as(face), face, "twice", 3));
    }
}
