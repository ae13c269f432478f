package shop;

import dev.landbridge.Module;

/** Has the classes and no native library. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        try {
            Module.load("(module)");
        } catch (UnsatisfiedLinkError e) {
            System.out.println(e.getMessage());
        }
    }
}
