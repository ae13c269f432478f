package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.landbridge.Imports;
import dev.landbridge.Instance;
import dev.landbridge.Module;
import dev.landbridge.NotFoundError;
import dev.landbridge.Trap;
import dev.landbridge.TrapCode;
import java.io.IOException;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalcTest {
    private static Module module;
    private static Instance calc;

    @BeforeAll
    static void load() throws IOException {
        module = Module.load(CalcTest.class.getResourceAsStream("/calc.wat"));
        calc = module.instantiate(Imports.builder().func("host", "twice", (IntUnaryOperator) x -> 2 * x).build());
    }

    @AfterAll
    static void close() {
        calc.close();
        module.close();
    }

    @ParameterizedTest
    @CsvSource({"2, 3, 5", "-1, 1, 0"})
    void add(int a, int b, int sum) {
        assertEquals(sum, calc.func("add").as(IntBinaryOperator.class).applyAsInt(a, b));
    }

    @Test
    void errors() {
        Trap trap = assertThrows(Trap.class, () -> calc.call("divide", 1, 0));
        assertEquals(TrapCode.INTEGER_DIVISION_BY_ZERO, trap.code());
        assertThrows(NotFoundError.class, () -> calc.call("ad", 1, 0));
    }
}
