/**
 * Loads WebAssembly modules and calls them, with the same types, errors and behaviour in every host language.
 *
 * <p>Start at {@link dev.landbridge.Module#load(java.nio.file.Path)}. A module is compiled code; an
 * {@link dev.landbridge.Instance} is a module at work, with its exports. {@link dev.landbridge.Imports} holds what
 * Java lends to it.
 *
 * <p><b>Threads.</b> Every object may be used from every thread. Threads that meet in one
 * {@link dev.landbridge.Store} take turns, first come first served; a host function may call back into its own
 * instance. A thread that is interrupted gives up waiting for its turn, as it ends a guest: with an error of kind
 * {@code cancelled}, and it stays interrupted. A virtual thread may call too, and holds its carrier until the call
 * returns.
 *
 * <p><b>Asynchronous calls</b> such as {@link dev.landbridge.Instance#callAsync} run on threads of the {@link
 * dev.landbridge.Engine} and give a {@link java.util.concurrent.CompletableFuture}, whose {@code cancel} ends just that
 * call. A virtual thread that waits for the future lets go of its carrier. A {@link dev.landbridge.Pool} has instances
 * for callers that run in parallel.
 *
 * <p><b>Ownership.</b> Modules, stores, instances and pools are {@link java.lang.AutoCloseable}; what was not closed is
 * released when it becomes unreachable, resources too. Functions, memories, tables, globals, tags, exceptions and
 * objects of the guest's heap need no closing.
 *
 * <p><b>Components</b> take and give strings, lists, records and more: {@link dev.landbridge.Instance#call} calls their functions
 * with the values that {@link dev.landbridge.WitFunc} lists, {@link dev.landbridge.Instance#as(Class)} with types of your
 * own, and {@link dev.landbridge.Imports.Builder#implement} has a class of yours do what a component asks for. A {@link
 * dev.landbridge.Resource} is closed like a file.
 *
 * <p><b>Sandboxes.</b> A {@link dev.landbridge.Policy} grants what guests may touch through WASI: nothing at the start. {@link
 * dev.landbridge.Limits} bound what they may use, {@link dev.landbridge.Stdio} says where their streams go. {@link
 * dev.landbridge.Store#cancel()}, and {@link java.lang.Thread#interrupt()} of the thread that calls, end a running call.
 *
 * <p><b>Errors</b> are unchecked: a {@link dev.landbridge.WasmException} with its kind, or the very Throwable that a
 * host function threw. A null where none is allowed is a {@link java.lang.NullPointerException}.
 *
 * <p>The name {@code Module} is also one of {@code java.lang}: import it by name
 * ({@code import dev.landbridge.Module;}), not by {@code *}.
 */
package dev.landbridge;
