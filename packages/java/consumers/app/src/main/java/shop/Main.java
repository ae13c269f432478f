package shop;

import dev.landbridge.Imports;
import dev.landbridge.Instance;
import dev.landbridge.Module;
import dev.landbridge.Trap;
import dev.landbridge.WitError;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** Numbers of a core module, records and variants of a component, callbacks and errors, with interfaces of its own. */
public final class Main {
    private Main() {}

    /** Implements what the component asks for. */
    static class Prices {
        public long price(String colour) {
            if (colour.equals("red")) {
                return 1200;
            }
            throw new WitError("there is no " + colour);
        }
    }

    static class Journals {
        public static class Journal implements Paint.Journals.Journal {
            @Override
            public void write(String line) {
                System.out.println("journal: " + line);
            }
        }
    }

    public static void main(String[] args) throws IOException {
        calc();
        paint();
    }

    private static Module load(String name) throws IOException {
        try (InputStream in = Main.class.getResourceAsStream("/" + name)) {
            return Module.load(in);
        }
    }

    private static void calc() throws IOException {
        Imports imports = Imports.builder().func("host", "twice", (IntUnaryOperator) x -> 2 * x).build();
        try (Module module = load("calc.wat"); Instance instance = module.instantiate(imports)) {
            Calc calc = instance.as(Calc.class);
            System.out.println("2 + 3 = " + calc.add(2, 3) + ", twice 21 = " + calc.twice(21));
            calc.divide(1, 0);
        } catch (Trap e) {
            System.out.println("trap: " + e.code().label());
        }
    }

    private static void paint() throws IOException {
        Imports imports = Imports.builder()
                .implement("prices", new Prices())
                .implement("journals", new Journals())
                .build();
        try (Module module = load("paint.wat"); Instance instance = module.instantiate(imports)) {
            Paint.Shapes shapes = instance.as(Paint.class).shapes();
            System.out.printf(Locale.ROOT, "area: %.2f%n", shapes.area(new Paint.Shapes.Shape.Circle(2)));
            System.out.println("cost: " + shapes.cost(order("red")));
            try (Paint.Shapes.Canvas canvas = shapes.canvas(80)) {
                canvas.draw(new Paint.Shapes.Shape.Rectangle(new Paint.Tuple2<>(2.0, 1.5)));
                System.out.printf(Locale.ROOT, "painted: %.2f%n", canvas.painted());
            }
            shapes.cost(order("gold"));
        } catch (WitError e) {
            System.out.println("error: " + e.getMessage());
        }
    }

    private static Paint.Shapes.Order order(String colour) {
        return new Paint.Shapes.Order(colour, new byte[] {2, 1}, Optional.empty());
    }
}
