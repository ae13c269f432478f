/**
 * Loads WebAssembly modules and calls them, with the same types, errors and behaviour in every host language.
 *
 * <p>Start at {@link dev.landbridge.Module#load(java.nio.file.Path)}. A module is compiled code. An {@link
 * dev.landbridge.Instance} is a running module, with its exports. {@link dev.landbridge.Imports} has what you provide to it.
 *
 * <p><b>Threads.</b> You may use every object from every thread. Calls into one {@link dev.landbridge.Store} take turns, first
 * come first served. A host function may call back into its own instance. Interrupting a thread ends the guest that it calls,
 * or its waiting for its turn, with an error of kind {@code cancelled}; the thread stays interrupted. A virtual thread may call
 * too, and keeps its carrier until the call returns.
 *
 * <p><b>Asynchronous calls</b> such as {@link dev.landbridge.Instance#callAsync} run on threads of the {@link
 * dev.landbridge.Engine} and return a {@link java.util.concurrent.CompletableFuture}, whose {@code cancel} ends just that
 * call. A virtual thread that waits for the future does not keep its carrier. A {@link dev.landbridge.Pool} has instances
 * for callers that run in parallel.
 *
 * <p><b>Ownership.</b> Modules, stores, instances, pools and resources are {@link java.lang.AutoCloseable}. What you do not
 * close is released when it becomes unreachable. Functions, memories, tables, globals, tags, exceptions and
 * objects of the guest's heap need no closing.
 *
 * <p><b>Components</b> take and give strings, lists, records and more: {@link dev.landbridge.Instance#call} calls their functions
 * with the values that {@link dev.landbridge.WitFunc} lists, {@link dev.landbridge.Instance#as(Class)} with types of your
 * own. With {@link dev.landbridge.Imports.Builder#implement} an object of yours provides what a component imports.
 *
 * <p><b>Sandboxes.</b> A {@link dev.landbridge.Policy} grants what guests may touch through WASI: nothing by default. {@link
 * dev.landbridge.Limits} bound what they may use, {@link dev.landbridge.Stdio} says where their streams go. {@link
 * dev.landbridge.Store#cancel()} ends a running call.
 *
 * <p><b>Errors</b> are unchecked: a {@link dev.landbridge.WasmException} with its kind, or the very Throwable that a
 * host function threw. A null where none is allowed is a {@link java.lang.NullPointerException}.
 *
 * <p>The name {@code Module} is also one of {@code java.lang}: import it by name
 * ({@code import dev.landbridge.Module;}), not by {@code *}.
 */
package dev.landbridge;
