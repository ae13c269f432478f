package shop.closed;

import dev.landbridge.Instance;
import dev.landbridge.Module;
import dev.landbridge.TypeError;
import java.util.concurrent.CompletableFuture;

/** Interfaces of a package that is neither exported nor open. */
public final class Closed {
    private Closed() {}

    interface Calc {
        int add(int a, int b);
    }

    interface Later {
        CompletableFuture<Integer> add(int a, int b);
    }

    interface Wrong {
        long add(int a, int b);
    }

    private static final String CALC = "(module (func (export \"add\") (param i32 i32) (result i32)"
            + " (i32.add (local.get 0) (local.get 1))))";

    public static void main(String[] args) {
        try (Module module = Module.load(CALC); Instance calc = module.instantiate()) {
            System.out.println(calc.as(Calc.class).add(2, 3) + " " + calc.as(Later.class).add(3, 4).join());
            calc.as(Wrong.class);
        } catch (TypeError e) {
            System.out.println(e.getMessage());
        }
    }
}
