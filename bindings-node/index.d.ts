/// <reference types="node" />
/**
 * Loads WebAssembly modules and calls them. Types and errors are the same in every language that Landbridge is for.
 *
 * ```js
 * const calc = load('calc.wasm').instantiate()
 * calc.exports.add(2, 3)
 * ```
 *
 * Objects belong to the thread that made them. You can send a {@link Module} to another thread. An ordinary call blocks
 * its thread's event loop until the guest returns or a limit ends it.
 *
 * An asynchronous call ({@link FuncMembers.async | Func.async}, {@link Instance.callAsync}, {@link Instance.runAsync},
 * {@link Pool.callAsync}) runs on a native thread, and the event loop goes on. You can make any number of such calls.
 * Those of one store run one after the other, in the order in which you made them. While one runs, its store is in use:
 * any other call into that store throws {@link BusyError}. Calls by host functions that the guest waits for are the
 * exception, see {@link Importable}. The process does not end by itself while an asynchronous call runs. `process.exit`
 * and the end of a worker end all of them.
 *
 * @module landbridge
 */

/** The version of Landbridge, as `major.minor.patch`. */
export const version: string

/** The number of each error kind, the same in every language. */
export const errorKinds: Readonly<Record<ErrorKind, number>>

/** The number of each trap code, the same in every language. */
export const trapCodes: Readonly<Record<TrapCode, number>>

/** The number of each type of a value, the same in every language. */
export const valueTypes: Readonly<Record<ValueType, number>>

/** All values of {@link Ask.what}, in the order in which {@link Inspection.asks} has them. */
export const askNames: readonly AskName[]

/** The type of a reference. Where a module has a more exact type, it is the nearest of these. */
export type RefType =
  // generated: node.reference_types
  | 'funcref' | 'externref' | 'anyref' | 'eqref' | 'i31ref' | 'structref' | 'arrayref' | 'exnref' | 'nullref'
  | 'nullfuncref' | 'nullexternref' | 'nullexnref'
  // end generated

/** The type of a value. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | RefType

/**
 * A WebAssembly value in JavaScript.
 *
 * | Type | You pass | You get |
 * | --- | --- | --- |
 * | `i32` | a whole `number` from -2^31 to 2^32-1 | a `number`, signed |
 * | `i64` | a `bigint` from -2^63 to 2^64-1 | a `bigint`, signed |
 * | `f32`, `f64` | a `number` | a `number` |
 * | `v128` | a view of exactly 16 bytes, such as a `Float32Array` of 4, lane 0 first; or a `bigint` from -2^127 to 2^128-1, lane 0 in its lowest bits | a `Uint8Array` of 16 bytes of its own, whose `buffer` can be viewed as any lanes |
 * | `funcref` | a {@link Func} of the same store, or `null` | the same object |
 * | `externref` | a {@link GcRef}, or anything else as an object of the host; `null` is the null reference | the same |
 * | `anyref`, `eqref`, `i31ref`, `structref`, `arrayref` | a whole `number` from -2^30 to 2^30-1 as an `i31`, a {@link GcRef}, or anything else as an object of the host; `null` | the same |
 * | `exnref` | a {@link TaggedException} of the same store, or `null` | one that `equals` it |
 *
 * If the module does not allow a value (null, an object of another type), it is an error of kind `type`.
 *
 * Nothing is converted: a `number` for an `i64`, a `bigint` for any other type and a fraction for an `i32` are errors
 * of kind `type`. A whole number that does not fit is an error of kind `range`, and so is a view of another length for
 * `v128`.
 *
 * Node-API gives every NaN that you get the same bits. If the bits matter to you, pass floats as integers that hold
 * their bits: an `f32` as a `number` from 0 to 2^32-1, an `f64` as a `bigint` from 0 to 2^64-1. See
 * {@link FuncMembers.bits | Func.bits}, {@link bits}, {@link Global.bits}, {@link GcRef.getBits} and
 * {@link TaggedException.bits}. Other types stay as they are.
 */
export type Value = unknown

/** Bytes. They are read where they are, without a copy. */
export type Bytes = ArrayBuffer | SharedArrayBuffer | ArrayBufferView

/** A {@link Module} that was cloned or sent to another thread. Pass it to {@link load}. */
export interface SentModule {
  readonly bytes: Uint8Array
  readonly digest: string
}

/** What {@link load} takes: a path, a `file:` URL, bytes of a module, WebAssembly text, or a module that was sent. */
export type Source = string | URL | Bytes | SentModule

/**
 * Loads a module, and compiles it. If any thread of this process has the same module, it is not compiled again.
 *
 * A string that begins with `(` or `;;` is WebAssembly text; space and a byte order mark may come before. Any other
 * string is a path. If the name of a file begins like text, pass it as a URL. The file may hold the binary format or
 * text.
 *
 * @throws {IoError} if the file cannot be read.
 * @throws {CompileError} if it is no valid module, or if a {@link SentModule} was changed on its way.
 */
export function load<E extends object = Exports>(source: Source, options?: LoadOptions): Module<E>

/**
 * Does the same on another thread, and the event loop goes on. It does not take a thread from calls. Bytes are copied
 * at once.
 *
 * The promise is rejected with what {@link load} throws. If you abort the signal, it is rejected with the signal's
 * reason. A module that is being compiled then is still compiled to its end.
 */
export function loadAsync<E extends object = Exports>(
  source: Source,
  options?: LoadOptions & CallOptions,
): Promise<Module<E>>

/**
 * Runs a WASI program, like `docker run`, and returns its exit code:
 *
 * ```js
 * run('app.wasm', ['--verbose', 'in.txt'], { policy: Policy.program().withReadOnlyDir('/data', './data') })
 * ```
 *
 * The program has the streams of this process, its arguments (the first one is the name of the file), the real clock
 * and secure random numbers. It has access to nothing else, unless the options grant it. You may leave out `args`. The
 * call blocks this thread until the program ends, like `child_process.spawnSync`.
 *
 * @throws {NotFoundError} if the module is no program. It also throws what {@link load}, {@link Module.instantiate} and
 * calls throw. An exit code is never thrown.
 */
export function run(program: Source, args?: readonly string[], options?: RunOptions): number

/** Does the same on other threads, which load the program, too. `signal` ends the loading or the program. */
export function runAsync(program: Source, args?: readonly string[], options?: RunOptions & CallOptions): Promise<number>

/**
 * Tells what a module is, without compiling it. The module may use features that the engine does not have: you see them
 * in `features`, and only {@link load} fails.
 *
 * @throws {IoError} if the file cannot be read.
 * @throws {CompileError} if it does not hold a valid module.
 */
export function inspect(source: Source): Inspection

/** What a module is and what it needs. The object is frozen. */
export interface Inspection {
  /** The name in its name section, if there is one. */
  readonly name: string | undefined
  /** Its imports, in its own order. Empty for a component, see `wit`. */
  readonly imports: readonly ImportType[]
  /** What it needs of WASI, by its imports. You must provide all other imports. */
  readonly asks: readonly Ask[]
  /**
   * A sentence about what it was built for and what you can do, if its imports belong to a host that Landbridge is not,
   * such as a browser.
   */
  readonly builtFor: string | undefined
  /** Its exports, in its own order. Empty for a component, see `wit`. */
  readonly exports: readonly ExportType[]
  /** All its memories, imported ones first. */
  readonly memories: readonly MemoryType[]
  /** The features beyond WebAssembly 1.0 that it needs to be valid, by the names of their proposals. */
  readonly features: readonly string[]
  /** How much more work it is to compile than its size suggests, in the units of {@link EngineOptions.compileCost}. */
  readonly compileCost: number
  /** Its custom sections, in its own order. Several may have the same name. */
  readonly customSections: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  /** What made it: `field` is `language`, `sdk` or `processed-by`. */
  readonly producers: readonly { readonly field: string; readonly name: string; readonly version: string }[]
  /** The features that its compiler was told to use, such as `+simd128`. */
  readonly targetFeatures: readonly string[]
  /**
   * What a component imports and exports, as WIT text with its documentation. `undefined` for a core module. The same
   * as data is in `toJSON().world`.
   */
  readonly wit: string | undefined
  /**
   * All of it as JSON, the same bytes in every language. The keys are these properties, spelled with underscores and in
   * this order. Types are texts. Of a custom section there is only its size.
   */
  toJson(): string
  /** The same as an object. `JSON.stringify` uses it. */
  toJSON(): unknown
}

/**
 * What a module can need of WASI. stdout and stderr are `streams`, since one function writes to both. If `files` is
 * there too, `stdin` and `streams` may mean files.
 */
export type AskName =
  | 'args' | 'env' | 'clock' | 'random' | 'files' | 'stdin' | 'streams' | 'poll' | 'exit' | 'sockets' | 'signals'
  | 'yield' | 'http'

/** Something that a module needs of WASI. The object is frozen. */
export interface Ask {
  readonly what: AskName
  /** The functions that it imports for this, in its own order. */
  readonly functions: readonly string[]
}

/** Options of {@link load}. */
export interface LoadOptions {
  /** The engine that compiles the module. By default it is one that all threads share. */
  engine?: Engine
}

/** Options of an {@link Engine}. */
export interface EngineOptions {
  // generated: node.options
  /**
   * Whether a running guest can be interrupted. Costs a check at each loop iteration and function entry of the guest;
   * without it closing, cancelling and the end of its thread wait for the guest to return. True if not said otherwise.
   */
  interruptible?: boolean
  /** Bytes of native stack a call may use at most; by default 512 KiB. A thread with a smaller stack gives less. */
  stackBytes?: number
  /**
   * Where compiled code is kept for the next process: the user's cache folder (`true`, the default), or where the
   * environment variable `LANDBRIDGE_CACHE` says; nowhere (`false`); or this folder. It is kept in `landbridge/modules`
   * of the folder, which is made if it is not there; nothing else in the folder is touched. The cache is not used where
   * others could change its files: if the folder or one above it belongs to another user than this one or root, or if
   * its group or others may write to it. A sticky folder, such as `/tmp`, may be above it. A cache that cannot be used
   * is never an error: then modules are compiled.
   */
  cache?: boolean | string | URL
  /**
   * Whether modules may use 128-bit sums and products of 64-bit integers, a proposal that is not part of WebAssembly
   * 3.0. False if not said otherwise.
   */
  wideArithmetic?: boolean
  /**
   * Whether modules may have memories in pages of one byte, a proposal that is not part of WebAssembly 3.0. False if
   * not said otherwise.
   */
  customPageSizes?: boolean
  /**
   * The most threads that run asynchronous calls at a time, at least 1; by default 4 more than the machine has cores,
   * and 32 at most. Each is started when it is needed, and ends when it had nothing to do for 10 seconds. A guest that
   * waits for an asynchronous host function holds one.
   */
  callThreads?: number
  /**
   * Whether traps may come by signals of the operating system (exceptions on Windows). Without, guests' code checks
   * each access of memory, each division and each null itself and runs slower, and no handler is installed by this
   * engine: for programs whose own handlers cannot live with others. The traps are the same ones. True if not said
   * otherwise.
   */
  signalHandlers?: boolean
  /**
   * How much more work compiling a module may be than its size explains; by default 1,000,000, and `Infinity` for no
   * bound. It keeps a small module from holding the compiler for minutes or taking all memory. A unit is about a
   * microsecond of one core or 250 bytes that are held, whichever is more. Each byte of a function explains 8 units,
   * any other byte 2; {@link Inspection.compileCost} reports what a module costs. One that costs more is refused
   * ({@link LimitError}) before anything is compiled; what a cache or a precompiled file holds is loaded whatever it
   * costs.
   */
  compileCost?: number
  /**
   * How many bytes a memory may grow to, and how much address space it takes; by default 4 GiB. With the default each
   * memory takes all of it, and code need not check addresses of 32 bits. With less, code checks each address and runs
   * slower, and a memory takes only what it can need: this option, its declared maximum or what
   * {@link Limits.memoryBytes} leaves, whichever is least; a memory that starts larger has the size it starts with.
   * With more, 64-bit memories may grow to this size; with the default a 64-bit memory may grow to 64 GiB if it is the
   * first of its store. Where the process may have less than 64 GiB of address space (`RLIMIT_AS`, `ulimit -v`), the
   * default is a sixteenth of that.
   */
  memoryReservationBytes?: number
  /**
   * Whether results are the same bits on every machine: NaNs are canonical, and relaxed vector instructions do the same
   * everywhere. Code with floats runs a little slower. False if not said otherwise.
   */
  deterministic?: boolean
  /**
   * How many instances of pools can be in slots at a time; by default none. A slot is room that the engine keeps ready,
   * so an instance in it is made several times faster. A slot takes 8 to 12 GiB of address space, and memory only for
   * what is used in it. Where the process has less address space, there are fewer slots. An instance that does not fit,
   * or for which no slot is free, is made without one; the counts of a pool say how many were made in slots. The guide
   * to pools says what fits.
   */
  poolSlots?: number
  // end generated
}

/** Compiles modules. Most programs use the shared engine and never make one. */
export class Engine {
  /** @throws {UnsupportedError} if this machine cannot run the engine. */
  constructor(options?: EngineOptions)
}

/**
 * A compiled module.
 *
 * You can clone it and send it to another thread (`structuredClone`, `postMessage`, `workerData`). Its bytes and their
 * hash are sent, and arrive as a {@link SentModule}. Pass that to {@link load}: in the same process it is not compiled
 * again.
 */
export class Module<E extends object = Exports> {
  /** Compiles bytes or WebAssembly text. See {@link load}. */
  constructor(source: string | Bytes, options?: LoadOptions)
  /** Compiles a file. See {@link load}. */
  static fromFile<E extends object = Exports>(path: string | URL, options?: LoadOptions): Module<E>
  /** Compiles WebAssembly text. See {@link load}. */
  static fromText<E extends object = Exports>(text: string, options?: LoadOptions): Module<E>
  /** Compiles bytes. See {@link load}. */
  static fromBytes<E extends object = Exports>(bytes: Bytes, options?: LoadOptions): Module<E>
  /**
   * Loads a file that {@link Module.compile} wrote, without compiling.
   *
   * **The file is machine code, and it runs as it is.** Load it only if you trust who wrote it as you trust a program
   * that you start. The checks find mistakes. They do not stop an attacker. Do not change the file while the module is
   * loaded.
   *
   * @throws {IoError} if the file cannot be read.
   * @throws {CompileError} if it is no such file, if it was truncated or changed, or if it is for another version, CPU,
   * operating system or configuration of the engine. The message says which.
   */
  static loadPrecompiled<E extends object = Exports>(path: string | URL, options?: LoadOptions): Module<E>
  /**
   * Writes the compiled code to a file, for {@link Module.loadPrecompiled}. If the file exists, it is replaced in one
   * step. It is for this version of Landbridge, this kind of CPU and operating system, and the options of this engine.
   * Only this user can read and write it.
   *
   * @throws {IoError} if it cannot be written.
   */
  compile(path: string | URL): void
  /** A copy of its bytes, in the binary format. */
  readonly bytes: Uint8Array
  /** The BLAKE3 hash of its bytes, in hexadecimal. */
  readonly digest: string
  /** The name in its name section, if there is one. */
  readonly name: string | undefined
  /** Its imports, in its own order. Empty for a component, see `world`. */
  readonly imports: readonly ImportType[]
  /** Its exports, in its own order. Empty for a component, see `world`. */
  readonly exports: readonly ExportType[]
  /** The imports and exports of a component, with the types of its functions. `undefined` for a core module. */
  readonly world: WitWorld | undefined
  /**
   * Makes an instance and runs the module's start function.
   *
   * If you pass no `store`, the instance gets a store of its own, which closes with it. The other options are for that
   * store. By default nothing is granted, and there are no limits. A module that imports WASI preview 1 gets it, as far
   * as the policy grants.
   *
   * @throws {LinkError} naming every import that is missing or of another type.
   * @throws {WasmTypeError} if both a store and one of the {@link SandboxOptions} are given.
   * @throws {IoError} if a folder or file that was granted to a module of WASI cannot be opened.
   */
  instantiate<T extends object = E>(options?: InstantiateOptions): Instance<T>
}

/** The sandbox of a store: what guests have access to, how much they may use, where their streams go. */
export interface SandboxOptions {
  /** What guests have access to. By default nothing. */
  policy?: Policy | undefined
  /** How much they may use. By default there are no limits. */
  limits?: Limits | undefined
  /** What they read. By default nothing. Bytes are copied at once. A file is opened when a guest first needs WASI. */
  stdin?: 'inherit' | Bytes | FileStream | undefined
  /** Where their output goes. By default it is discarded, except for its end, which is in {@link WasmError.output}. */
  stdout?: Output | undefined
  /** As `stdout`, for errors. */
  stderr?: Output | undefined
  /**
   * Where to write what WASI refused the guests, one line each, such as
   * `refused: path_open "../x" below "/data": not permitted`. By default it is discarded. `'inherit'` is the process's
   * stderr.
   *
   * It does not count as output. There are at most 10,000 lines for a store. Control characters that a guest put into a
   * name are escaped.
   */
  refusals?: Output | undefined
}

/**
 * Options of {@link run}. By default a stream is the process's own. If it is `null`, input is empty and output is
 * discarded.
 */
export interface RunOptions extends LoadOptions {
  /** What the program has access to, instead of {@link Policy.program}. */
  policy?: Policy | undefined
  limits?: Limits | undefined
  stdin?: SandboxOptions['stdin'] | null
  stdout?: Output | null | undefined
  stderr?: Output | null | undefined
  refusals?: Output | null | undefined
}

/**
 * A file as a stream. For output it is created, or emptied if it exists. If it is a named pipe, the guest waits for the
 * other end when it first reads or writes.
 */
export interface FileStream {
  readonly file: string | URL
}

/**
 * Where the output of a guest goes.
 *
 * - `'inherit'`: directly to the process's own stream, not through `process.stdout` and its buffer.
 * - `'capture'`: it is kept until you take it with {@link Store.stdout}, {@link Store.stderr} or
 *   {@link Store.refusals}. At most 16 MiB of output are kept, unless `limits.outputBytes` says another number.
 * - a file.
 * - a function. It is called at once with a copy of the bytes. A promise as its result is an error. If it throws, the
 *   call of the guest throws the same value. It may use other stores, but not the guest's: that is {@link BusyError}.
 *   In an asynchronous call it runs on the JavaScript thread, in order, and the guest waits for it.
 */
export type Output = 'inherit' | 'capture' | FileStream | LineStream | ((bytes: Uint8Array) => unknown)

/**
 * A function that is called with each line of text, without the newline. Text is UTF-8, and what is invalid is
 * replaced. A line of more than 64 KiB comes in parts of that size. A last line without a newline comes when the call
 * of the guest ends. Everything else is as for a function that takes bytes.
 */
export interface LineStream {
  readonly lines: (line: string) => unknown
}

/**
 * How much the guests of one store may use. What you leave out has no limit. Each limit has its own error. Limits are
 * whole numbers from 0. Beyond 2^53-1 pass a `bigint`: a `number` is refused there.
 */
export interface Limits {
  // generated: node.limits
  /**
   * Bytes that all memories of the store and its garbage-collected heap may have together. A guest that asks for more
   * gets -1 from `memory.grow`, and may go on. If it traps then, or if the program asks for more, the error is
   * {@link MemoryLimitError}.
   */
  readonly memoryBytes?: number | bigint | undefined
  /**
   * Elements that all tables of the store may have together. More are refused as for memory. Error: {@link LimitError}.
   */
  readonly tableElements?: number | bigint | undefined
  /** Instances that may be made in the store. Error: {@link LimitError}. */
  readonly instances?: number | bigint | undefined
  /**
   * Fuel that guests may use until you give more with {@link Store.setFuel}. Error: {@link FuelError}. An instruction
   * uses about one unit, and the same call uses the same fuel on every machine and in every host. Modules are compiled
   * a second time, with code that counts.
   */
  readonly fuel?: number | bigint | undefined
  /**
   * Bytes that guests may write to stdout and stderr together. Error: {@link LimitError}. If you do not set it, at most
   * 16 MiB are captured.
   */
  readonly outputBytes?: number | bigint | undefined
  /**
   * Bytes that guests may write into files of granted folders, all together. They count when they are written:
   * overwriting or removing gives nothing back. Each file, folder and link that is made counts as 4096. Holes count,
   * too: whatever makes a file longer counts, by any descriptor. A write beyond the limit gives the guest WASI's error
   * NOSPC (51). If you do not set it and the policy has folders in memory, it is 64 MiB.
   */
  readonly writtenBytes?: number | bigint | undefined
  /**
   * Files and folders that guests may have open at once, not counting granted folders. One more gives the guest WASI's
   * error MFILE (33). If you do not set it, it is 1024.
   */
  readonly openFiles?: number | bigint | undefined
  /**
   * How many milliseconds a call from the program may take, with all that it calls. Error: {@link TimeoutError}. The
   * guest is ended within a few milliseconds, also while it sleeps. Two things are finished first: a host function that
   * it called, and one instruction that fills memory, which takes 1 to 2 milliseconds for each MiB. Needs an engine
   * that can interrupt guests.
   */
  readonly timeoutMs?: number | bigint | undefined
  /**
   * Bytes that one call of a component's function may copy to the guest, and as many back; likewise when a component
   * calls the program. Strings and lists of numbers count as their bytes; in other lists that a component returns, each
   * element counts as at least 8. Arguments that are too large are refused before the call, and a component that
   * returns too much is ended. Error: {@link LimitError}. If you do not set it, it is 128 MiB.
   */
  readonly transferBytes?: number | bigint | undefined
  /**
   * Handles of resources that the components of the store may hold at once, and as many that the program may hold or
   * have given them. Error: {@link LimitError}. A borrow counts until its call ends, and a component's resource that
   * the program holds counts for both. If you do not set it, it is 100,000.
   */
  readonly handles?: number | bigint | undefined
  // end generated
}

/** Reads and writes limits as JSON, for files and other languages. Limits themselves are plain objects. */
export const Limits: {
  /**
   * Reads limits from JSON, such as `{"memory_bytes": 1048576, "timeout_ms": 500}`. The keys are the same in every
   * language. What has no key has no limit. A part of a millisecond counts as a whole one. Numbers beyond 2^53-1 become
   * `bigint`.
   *
   * @throws {WasmTypeError} saying which key is unknown or wrong.
   */
  fromJson(json: string): Limits
  /** The limits as JSON, the same bytes in every language. It has no key for what has no limit. */
  toJson(limits: Limits): string
}

/** What the guests of a store use now and have used. The object is frozen. */
export interface Usage {
  // generated: node.usage
  /** Bytes that all memories and the garbage-collected heap have now. */
  readonly memoryBytes: number
  /** The most bytes they ever had. */
  readonly peakMemoryBytes: number
  /** Elements that all tables have now. */
  readonly tableElements: number
  /** Instances that were made. */
  readonly instances: number
  /** Bytes written to stdout and stderr. */
  readonly outputBytes: number
  /** Bytes written into files of granted folders, counted as {@link Limits.writtenBytes} says. */
  readonly writtenBytes: number
  /** Files and folders that guests have open now, granted folders aside. */
  readonly openFiles: number
  /** Fuel used since it was last set; `undefined` in a store without that limit. */
  readonly fuelUsed: bigint | undefined
  /**
   * How many milliseconds the last call from the program took, in steps of about a millisecond; zero if it took less.
   */
  readonly lastCallMs: number
  /**
   * Handles of resources that the program holds now or has given to components; handles of the components' own are not
   * counted.
   */
  readonly handles: number
  // end generated
}

/**
 * Which clock guests see, in nanoseconds since 1970. When you read it, the numbers are `bigint`, since they exceed
 * 2^53. The times of files follow the clock: without a clock they are 0, and with a clock that is not the real one they
 * are that clock's time.
 */
export type Clock<N = bigint> = 'none' | 'real' | { readonly fixedNs: N } | { readonly startNs: N; readonly stepNs: N }

/**
 * Which random numbers guests get. With a seed they are the same in every language. When you read it, the seed is a
 * `bigint`.
 */
export type Random<N = bigint> = 'none' | 'secure' | { readonly seed: N }

/** What guests may do with a folder: `read` is to list and read, `write` also to create, write, rename and remove. */
export type Access = 'read' | 'write'

/** The ports of a grant: a number, or a text such as `'443'`, `'8000-8999'` or `'*'` for all. */
export type Ports = number | string

/** A folder that each store makes for itself. The object is frozen. */
export interface MemoryDir {
  /** The files in it at the start, by their paths. They are copies. */
  readonly files: Readonly<Record<string, Uint8Array>>
  readonly access: Access
}

/**
 * What the guests of a store have access to, beside their imports. Begin with {@link Policy.none}, which grants
 * nothing. A policy never changes: each method that grants something returns a new policy. If a guest tries what was
 * not granted, it gets an error of WASI.
 *
 * `JSON.stringify` and cloning do not work: use {@link Policy.toJson}.
 */
export class Policy {
  private constructor()
  /** Grants nothing. */
  static none(): Policy
  /** Grants the real clock and secure random numbers. Most programs need these to start. {@link run} uses it. */
  static program(): Policy
  /**
   * Reads a policy that {@link Policy.toJson} wrote, in any language.
   *
   * @throws {WasmTypeError} saying which key is wrong.
   */
  static fromJson(json: string): Policy
  /** Reads a file of JSON. @throws {IoError} if it cannot be read. */
  static fromFile(path: string | URL): Policy
  /** Grants to list and read a folder of the host, under the name that guests see. */
  withReadOnlyDir(guest: string, host: string | URL): Policy
  /**
   * Grants a folder of the host, under the name that guests see. It is opened when a guest first needs WASI. File
   * systems of the kernel below it, such as `/proc` and `/sys`, are left out, unless the folder is inside of one.
   */
  withDir(guest: string, host: string | URL, access: Access): Policy
  /**
   * Grants a folder that each store makes for itself. It is in memory if the system has a place for that. These files
   * are in it at the start. It ends with the store. Bytes are copied at once.
   *
   * @param files texts, which are written as UTF-8, or bytes, by their paths in the folder, with `/`.
   * @throws {WasmTypeError} if a path is absolute, leads out of the folder, or is the path of a file and of a folder.
   */
  withMemoryDir(guest: string, files: Readonly<Record<string, string | Bytes>>, access: Access): Policy
  /**
   * Grants to connect by TCP to a network. WASI preview 1 has no function that opens a connection, so its programs
   * reach no network, whatever you grant. Your own host functions can ask the policy, by `allowsTcpConnect` and the
   * methods after it.
   *
   * @param network an address, or a network such as `10.0.0.0/8`.
   * @throws {WasmTypeError} if it is neither, or if the ports are none.
   * @throws {WasmRangeError} if the number is no port.
   */
  withTcpConnect(network: string, ports: Ports): Policy
  /** Grants to accept connections by TCP at addresses of this machine. Throws as {@link Policy.withTcpConnect}. */
  withTcpBind(network: string, ports: Ports): Policy
  /** Grants to send to a network by UDP, and to receive from it. Throws as {@link Policy.withTcpConnect}. */
  withUdpConnect(network: string, ports: Ports): Policy
  /** Grants to receive by UDP at addresses of this machine. Throws as {@link Policy.withTcpConnect}. */
  withUdpBind(network: string, ports: Ports): Policy
  /**
   * Grants to resolve a name, and to connect by TCP to the addresses that it resolves to, at these ports. Whoever owns
   * the name chooses the addresses. They may be addresses of this machine.
   *
   * @param name a name; `*.example.org` for all names below `example.org`, but not that one; or `*` for all names.
   * Write letters outside of ASCII as `xn--`.
   * @throws {WasmTypeError} if it is no host name. Throws as {@link Policy.withTcpConnect}, too.
   */
  withName(name: string, ports: Ports): Policy
  /**
   * Grants requests by HTTP. The guest may not open connections by itself with it.
   *
   * @param scheme `http`, `https` or `*`.
   * @param host an address, or a name as in {@link Policy.withName}.
   * @param method the method as it is sent, such as `GET`, or `*`.
   * @throws {WasmTypeError} saying what is wrong. Throws as {@link Policy.withTcpConnect}, too.
   */
  withHttp(scheme: string, host: string, ports: Ports, method: string): Policy
  /** Grants an environment variable, with this value. */
  withEnv(name: string, value: string): Policy
  /** Sets the arguments of a program. The first one is its name. */
  withArgs(args: readonly string[]): Policy
  /** Sets the clock that guests see. */
  withClock(clock: Clock<number | bigint>): Policy
  /** Sets the random numbers that guests get. */
  withRandom(random: Random<number | bigint>): Policy
  /** The folders, by the names that guests see. The object is frozen, like all of these. */
  readonly dirs: Readonly<Record<string, { readonly path: string; readonly access: Access }>>
  /** The folders that each store makes for itself, by the names that guests see. */
  readonly memoryDirs: Readonly<Record<string, MemoryDir>>
  readonly env: Readonly<Record<string, string>>
  readonly args: readonly string[]
  readonly clock: Clock
  readonly random: Random
  /** A policy that grants what both grant: never more than either of them. */
  restrict(by: Policy): Policy
  /**
   * Whether this policy grants everything that `other` grants. If only several network grants together cover a grant of
   * `other`, such as two ranges of ports, the result is false.
   */
  allows(other: Policy): boolean
  /**
   * Whether a guest may connect to an address by TCP. An IPv4 address that is written as IPv6 (`::ffff:192.0.2.1`)
   * counts as IPv4. `0.0.0.0` and `::` count as this machine, since systems connect to this machine then.
   *
   * @param address such as `192.0.2.1` or `2001:db8::1`, without brackets. For a name use
   * {@link Policy.allowsNamePort}.
   * @throws {WasmTypeError} if it is no address.
   * @throws {WasmRangeError} if the number is no port.
   */
  allowsTcpConnect(address: string, port: number): boolean
  /**
   * Whether a guest may accept connections at an address. `0.0.0.0` means all addresses of IPv4, and needs a grant of
   * `0.0.0.0/0`. `::` means all addresses of IPv6, and needs `::/0`. Throws as {@link Policy.allowsTcpConnect}.
   */
  allowsTcpBind(address: string, port: number): boolean
  /** Whether a guest may send to an address by UDP. See {@link Policy.allowsTcpConnect}. */
  allowsUdpConnect(address: string, port: number): boolean
  /** Whether a guest may receive at an address by UDP. See {@link Policy.allowsTcpBind}. */
  allowsUdpBind(address: string, port: number): boolean
  /** Whether a guest may resolve a name. Upper and lower case are the same, and a dot at the end does not matter. */
  allowsName(name: string): boolean
  /** Whether a guest may connect by TCP to an address that this name resolved to. */
  allowsNamePort(name: string, port: number): boolean
  /** Whether a guest may make a request by HTTP. */
  allowsHttp(scheme: string, host: string, port: number, method: string): boolean
  /** Whether both grant the same. */
  equals(other: unknown): boolean
  /** The policy as JSON, the same text in every language. */
  toJson(): string
}

/** Options of a {@link Store}. */
export interface StoreOptions extends LoadOptions, SandboxOptions {}

/** Options of {@link Module.instantiate}. */
export interface InstantiateOptions extends SandboxOptions {
  /** What the module imports, by module and name. If you pass an instance, all its exports are there. */
  imports?: Imports
  /** The store of the instance. Instances of one store can share memories, tables, globals and functions. */
  store?: Store | undefined
  /**
   * Whether `_initialize` is called, by default true. A WASI reactor exports that function: a library that is called,
   * not a program that runs. With false you can prepare the instance first. Then call `_initialize` yourself before
   * anything else, and only once: a second call is {@link UnsupportedError}.
   */
  initialize?: boolean | undefined
}

/**
 * What you can pass as an import. A function can be any function: the module says which type it has. Anything else is a
 * value for an immutable global, and must have the type that the module says, see {@link Value}.
 *
 * A function runs on the JavaScript thread that passed it. In an asynchronous call it may return a promise. The guest
 * waits for the promise on its own thread. Meanwhile your code may use the instance: read its memory, call its exports.
 * If the promise is rejected, the call of the guest is rejected with the same value. If a limit or a signal ends the
 * call before, the result of the promise is discarded.
 *
 * In a synchronous call a promise is {@link WasmTypeError}. If that call was made by a host function of an asynchronous
 * call, it is {@link DeadlockError}, since the event loop waits there.
 */
export type Importable = Memory | Table | Global | Tag | Func | ((...args: any[]) => unknown) | Value

/**
 * What you provide to a module, by module and name.
 *
 * To a component you provide an object for each interface, under the interface's full or short name. It may be a plain
 * object, an object of a class or an ES module. It has the functions of the interface, and a class for each of its
 * resources. Functions of the world itself are under their own names. You may also pass an instance of a component of
 * the same store.
 *
 * If a function throws a {@link WitError}, the guest gets the `err` of the function's result. If it throws anything
 * else, the call of the guest throws that value.
 *
 * ```js
 * imports: { currency: () => 'EUR', 'demo:app/host': { log(text) { ... }, Journal: class { write(text) { ... } } } }
 * ```
 */
export type Imports = Readonly<Record<string, Readonly<Record<string, Importable>> | Instance<any> | object>>

/** The exports of a module if you do not say their types. */
export type Exports = Readonly<Record<string, any>>

/** The type of a function. */
export interface FuncType {
  readonly sort: 'func'
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
  /** Such as `(i32, i32) -> (i32)`. */
  toString(): string
}

/** The type of a memory. */
export interface MemoryType {
  readonly sort: 'memory'
  /** Pages at the start. Beyond 2^53 it is the nearest `number`. */
  readonly min: number
  /** Pages it may grow to, if it has a maximum. */
  readonly max: number | undefined
  /** Whether addresses have 64 bits. */
  readonly is64: boolean
  /** Bytes in a page. */
  readonly pageBytes: number
  toString(): string
}

/** The type of a table. */
export interface TableType {
  readonly sort: 'table'
  readonly element: RefType
  /** Elements at the start. Beyond 2^53 it is the nearest `number`. */
  readonly min: number
  /** Elements it may grow to, if it has a maximum. */
  readonly max: number | undefined
  /** Whether indices have 64 bits. */
  readonly is64: boolean
  toString(): string
}

/** The type of a global. */
export interface GlobalType {
  readonly sort: 'global'
  readonly content: ValueType
  readonly mutable: boolean
  toString(): string
}

/** The type of a tag. */
export interface TagType {
  readonly sort: 'tag'
  /** The types of what its exceptions carry. */
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
  toString(): string
}

/** The type of an import or an export. */
export type ExternType = FuncType | MemoryType | TableType | GlobalType | TagType

/** An import of a module. */
export interface ImportType {
  readonly module: string
  readonly name: string
  readonly type: ExternType
}

/** An export of a module. */
export interface ExportType {
  readonly name: string
  readonly type: ExternType
}

/**
 * A sandbox. Instances that share something are in one store. `module.instantiate` makes a store for its instance, so
 * most programs never make one.
 */
export class Store {
  /** @throws {UnsupportedError} if you set a time limit and the engine cannot interrupt guests. */
  constructor(options?: StoreOptions)
  /** Makes an instance in this store. See {@link Module.instantiate}. */
  instantiate<E extends object = Exports>(module: Module<E>, options?: { imports?: Imports; initialize?: boolean | undefined }): Instance<E>
  /** What its guests use now and have used. @throws {ClosedError} */
  usage(): Usage
  /**
   * Sets the fuel that guests may use from now on. What is left is dropped, and {@link Usage.fuelUsed} begins at 0.
   *
   * @throws {UnsupportedError} if the store was made without a fuel limit.
   */
  setFuel(fuel: number | bigint): void
  /**
   * Ends the call that runs in this store with {@link CancelledError}. The store is poisoned then. If no call runs,
   * nothing happens.
   *
   * A synchronous call blocks its thread. So you can use this in a host function or an output function only: the call
   * ends soon after that returns. To end a guest that calls no such function, set `limits.timeoutMs`, or call it
   * asynchronously. {@link CallOptions.signal} ends one asynchronous call and no other.
   */
  cancel(): void
  /** Takes what guests wrote to stdout, if you capture it. Works also while they run, and after closing. */
  stdout(): Uint8Array
  /** As {@link Store.stdout}, for stderr. */
  stderr(): Uint8Array
  /**
   * As {@link Store.stdout}, as text. It is UTF-8, and what is invalid is replaced. While a guest writes, the last
   * character may be cut.
   */
  stdoutText(): string
  /** As {@link Store.stdoutText}, for stderr. */
  stderrText(): string
  /** Takes the refusals, one a line, if you capture them. See {@link SandboxOptions.refusals}. */
  refusals(): Uint8Array
  /**
   * The end of the output and of the refusals that were discarded, as text for people to read: at most 4 KiB of each
   * stream. {@link WasmError.output} has it, too.
   */
  output(): string
  /**
   * Collects garbage on the guests' heap now, and frees JavaScript values that only garbage held. You need not call it:
   * the heap is collected when there is need. @throws {ClosedError}
   */
  gc(): void
  readonly closed: boolean
  /**
   * Closes the store. From now on, everything in it throws {@link ClosedError}, and buffers of its memories are empty.
   * Its memory is freed as soon as nothing runs in it. Closing twice is no error.
   */
  close(): void
  [Symbol.dispose](): void
}

/** A running module. You can use its exports as long as you hold them, unless you close it. */
export class Instance<E extends object = Exports> {
  private constructor()
  readonly module: Module<E>
  /** Its store: the one that you passed, or its own. */
  readonly store: Store
  /**
   * Its functions, memories, tables, globals and tags, by name. The object is frozen.
   *
   * Of a component: its functions, each a {@link WitFunc}, and its interfaces. An interface has its functions,
   * {@link WitResource} classes and {@link WitType}s. You can use the names as JavaScript spells them or as WIT does:
   * `exports.shapes.bestArea`, `exports['demo:app/shapes@1.2']['best-area']`.
   *
   * @throws {ClosedError}
   */
  readonly exports: Exported<E>
  readonly closed: boolean
  /** @throws {NotFoundError} if there is no function of this name. */
  func(name: string): Func
  /** @throws {NotFoundError} if there is no memory of this name. */
  memory(name: string): Memory
  /** @throws {NotFoundError} if there is no table of this name. */
  table(name: string): Table
  /** @throws {NotFoundError} if there is no global of this name. */
  global(name: string): Global
  /** @throws {NotFoundError} if there is no tag of this name. */
  tag(name: string): Tag
  /**
   * Runs a WASI program: calls its `_start` and returns its exit code. An instance of a program runs once.
   *
   * @throws {NotFoundError} if the module is no program.
   * @throws {UnsupportedError} if it ran already.
   */
  run(): number
  /** Does the same on another thread. See {@link FuncMembers.async | Func.async}. */
  runAsync(options?: CallOptions): Promise<number>
  /**
   * A function of a component by its name in WIT, long or short: `hello`, `shapes#area`, `demo:app/shapes@1.2.0#area`.
   * The first argument of a method, such as `shapes#canvas.draw`, is the resource.
   *
   * @throws {NotFoundError} if there is none, or several.
   */
  witFunc(name: string): WitFunc
  /** Calls an exported function by its name. Of a component it is a name as in {@link Instance.witFunc}. */
  call(name: string, ...args: Value[]): any
  /**
   * Does the same on another thread. You may add {@link CallOptions} as one more argument. See
   * {@link FuncMembers.async | Func.async}.
   */
  callAsync(name: string, ...args: Value[]): Promise<any>
  /**
   * Closes the instance, and the store if that was made for it, see {@link Store.close}. If you passed a store, only
   * the instance is closed, and its exports stay usable until the store is closed. An instance of a {@link Pool} goes
   * back to the pool. Asynchronous calls that run end with {@link ClosedError}.
   */
  close(): void
  [Symbol.dispose](): void
}

/** Options of an asynchronous call. */
export interface CallOptions {
  /**
   * If you abort it, this call ends and no other. The promise is rejected at once, with the signal's `reason`. If the
   * call has not begun, the guest does not run. If the guest runs, it is ended about a millisecond later, and its store
   * is poisoned. If the engine is not `interruptible`, the guest goes on until it returns.
   */
  readonly signal?: AbortSignal | undefined
}

/** A function type with `async` and {@link Mappable.map | map}. */
export type Asynchronous<F> = F extends { async(...args: any[]): unknown }
  ? F
  : F extends (...args: infer A) => infer R
    ? F & { async(...args: A | [...A, options: CallOptions | undefined]): Promise<R> } & Mappable<(...args: A) => R>
    : F

/** A typed array that results of {@link Mappable.map | map} can go to. */
export type OutColumn = Int32Array | Uint32Array | BigInt64Array | BigUint64Array | Float32Array | Float64Array

/** A column for a parameter of type `T`. */
export type Column<T = any> = 0 extends 1 & T
  ? OutColumn | readonly number[] | readonly bigint[]
  : T extends bigint
    ? BigInt64Array | BigUint64Array | readonly bigint[]
    : T extends number
      ? Int32Array | Uint32Array | Float32Array | Float64Array | readonly number[]
      : never

/** The columns that {@link Mappable.map | map} gives for what a call gives. */
export type MapResult<R> = 0 extends 1 & R
  ? any
  : [R] extends [void]
    ? undefined
    : R extends readonly unknown[]
      ? { [K in keyof R]: MapResult<R[K]> }
      : R extends bigint
        ? BigInt64Array
        : Int32Array | Float32Array | Float64Array

/** Options of {@link Mappable.map | map}. */
export interface MapOptions {
  /** How many rows there are, if no column says it. */
  rows?: number | undefined
}

/** A function that can be called over columns. */
export interface Mappable<F extends (...args: any[]) => any> {
  /**
   * Calls it once a row, over columns. That is much faster than a loop of calls, since only one call crosses into the
   * guest.
   *
   * ```js
   * add.map(Int32Array.of(1, 2, 3), 10) // Int32Array.of(11, 12, 13)
   * ```
   *
   * Give a column or a value for each parameter; a value is used in every row. A column is a typed array: an
   * `Int32Array` or `Uint32Array` for an `i32`, a `BigInt64Array` or `BigUint64Array` for an `i64`, a `Float32Array` for
   * an `f32`, a `Float64Array` for an `f64`. You may pass an array of numbers or bigints, which is converted with the
   * checks of a call. All columns have the same number of rows. Say `{ rows }` if there is no column.
   *
   * You get a new typed array for a result, an array of them for several, `undefined` for none. With `{ out }` the
   * results go to what you give, and you get that: a typed array for a result, an array of them for several. It may be
   * a column of the arguments.
   *
   * If a row fails, you get the error of its call. {@link WasmError.row | Its row} is told, and also in front of its
   * message. Results of the rows before it are in the columns that you gave as `out`. All rows together are one call for
   * the deadline. Host functions may do what they like with the columns meanwhile: if one is detached or made too
   * short, that is an error.
   *
   * @throws {WasmTypeError} if a column does not fit, or the function takes or gives something else than numbers.
   * Throws as a call, too.
   */
  map<O extends OutColumn | readonly OutColumn[]>(
    ...args: [...columns: MapArguments<Parameters<F>>, options: MapOptions & { out: O }]
  ): O
  map(
    ...args: MapArguments<Parameters<F>> | [...columns: MapArguments<Parameters<F>>, options: MapOptions | undefined]
  ): MapResult<ReturnType<F>>
}

/** A column or a value for each parameter. */
export type MapArguments<A extends unknown[]> = { [K in keyof A]: A[K] | Column<A[K]> }

/** The exports of an instance: your types, and functions have `async` and `map`. */
export type Exported<E> = { readonly [K in keyof E]: Asynchronous<E[K]> }

/** Options of a {@link Pool}. */
export interface PoolOptions extends SandboxOptions {
  /** The most instances at a time, at least 1. By default it is the number of cores. */
  max?: number | undefined
  /**
   * How many milliseconds an asynchronous call waits for an instance if all are taken. After that it fails with
   * {@link BusyError}. By default 30,000. A synchronous call never waits.
   */
  waitMs?: number | undefined
  /**
   * What happens to an instance that is given back.
   *
   * - `'fresh'`, the default: it is closed, and a new one takes its place. So no caller sees what another one left
   *   behind.
   * - `'reuse'`: it is used again as it is, with its limits of fuel and output as at first, unless it was closed or
   *   poisoned. Use it for guests that you trust to keep callers apart.
   */
  reset?: 'fresh' | 'reuse' | undefined
  /** What each instance imports. You can pass functions and values only: everything else belongs to one store. */
  imports?: Imports | undefined
  /** As in {@link InstantiateOptions}. */
  initialize?: boolean | undefined
}

/** What a {@link Pool} has now, and has done. The object is frozen. */
export interface PoolCounts {
  /** Instances that are ready. */
  readonly ready: number
  /** Instances that are taken. */
  readonly taken: number
  /** Asynchronous calls that wait for one. */
  readonly waiting: number
  /** Instances that were ever made. */
  readonly made: number
  /** How often one was taken. */
  readonly served: number
  /**
   * Instances that were ever made in slots, see {@link EngineOptions.poolSlots}; the others were made on demand.
   */
  readonly inSlots: number
}

/**
 * Instances of one module that are ready for calls, so that calls can run at the same time. Each has a store of its own
 * with these limits. A pool belongs to the thread that made it, like all objects.
 */
export class Pool<E extends object = Exports> {
  /**
   * Makes the first instance, so that you see now if something is wrong with the module or its imports. More are made
   * when they are needed.
   *
   * @throws {WasmRangeError} if `max` is 0. Throws as {@link Module.instantiate}, too.
   */
  constructor(module: Module<E>, options?: PoolOptions)
  readonly module: Module<E>
  /**
   * Takes an instance. Close it to give it back. If you forget that, the garbage collector gives it back. After that
   * you must not use what you got from it, such as functions and memories.
   *
   * @throws {BusyError} if all instances are taken. It never waits.
   * @throws {ClosedError}
   */
  get(): Instance<E>
  /** Takes an instance, calls an exported function by its name, and gives it back. Throws as both do. */
  call(name: string, ...args: Value[]): any
  /**
   * Does the same on another thread, as soon as an instance is free. You may add {@link CallOptions} as one more
   * argument. See {@link FuncMembers.async | Func.async}.
   */
  callAsync(name: string, ...args: Value[]): Promise<any>
  readonly counts: PoolCounts
  /**
   * Closes the pool. Instances that are ready are closed now, and instances that are taken when they come back. Calls
   * that wait for an instance end with {@link ClosedError}. Closing twice is no error.
   */
  close(): void
  [Symbol.dispose](): void
}

/**
 * A function in a store: one of a guest, or one that you made. Call it like any function. The number of arguments must
 * be exact. No result is `undefined`, several results are an array.
 *
 * One function is always the same object, however you get it. `F` is its type in TypeScript, if you know it.
 */
export type Func<F extends (...args: any[]) => any = (...args: any[]) => any> = F & FuncMembers<F>

/** What a {@link Func} has beside being called. */
export interface FuncMembers<F extends (...args: any[]) => any> extends Mappable<F> {
  /**
   * Calls it with floats as integers of their bits, in arguments and results, so that a NaN keeps its bits. See
   * {@link Value}.
   */
  bits(...args: any[]): any
  /**
   * Calls it on another thread. You may add {@link CallOptions} as one more argument. The promise is rejected with what
   * a call would throw, also if arguments do not fit: `async` itself never throws. If the result is a thenable, such as
   * a promise that the guest got as an `externref`, the promise follows it.
   */
  async(...args: Parameters<F> | [...Parameters<F>, options: CallOptions | undefined]): Promise<ReturnType<F>>
  readonly type: FuncType
  /** The name it was exported by, or a word for what it is. */
  readonly name: string
  /** How many arguments it takes. */
  readonly length: number
}

export const Func: {
  /**
   * Makes a function that guests can hold: in a table, in a global or as an import. It is called with arguments as in
   * {@link Value}. If it has several results, `func` returns an array. If it has none, `func` may return anything but a
   * promise.
   */
  new (store: Store, type: { params?: readonly ValueType[]; results?: readonly ValueType[] }, func: (...args: any[]) => unknown): Func
  readonly prototype: Func
}

/**
 * A function of a component. Call it like any function:
 *
 * | WIT | JavaScript |
 * | --- | --- |
 * | `bool` | a `boolean` |
 * | `s8` to `u32` | a whole `number`, range checked |
 * | `s64`, `u64` | a `bigint`, range checked |
 * | `f32`, `f64` | a `number` |
 * | `char`, `string` | a `string`; half of a surrogate pair is a {@link WasmTypeError} |
 * | a list of numbers | a typed array; you may pass an array |
 * | any other list, a tuple | an array |
 * | a record | an object with camelCase names; you may pass the names of WIT |
 * | a variant | `{ tag: 'circle', val: 2 }`, `{ tag: 'dot' }`; for a case without a value you may pass its name |
 * | an enum | its name |
 * | flags | an object of booleans; you may pass an array or a `Set` of names |
 * | an option | the value, or `undefined`; you may pass `null`. An option of an option is `{ tag: 'some', val }` |
 * | a `result` that is the function's result | the value of `ok`; an `err` is thrown as a {@link WitError} |
 * | a `result` anywhere else | `{ tag: 'ok', val }` or `{ tag: 'err', val }` |
 * | a resource of the component | a {@link WitResource} |
 * | a resource that the component imports | an object of yours; you get the same object back |
 *
 * If an argument does not fit, the error says where, such as `args[0].tags[1]`, and the guest does not run. You may
 * leave out options at the end. Each value that you get is a new one.
 */
export type WitFunc<F extends (...args: any[]) => unknown = (...args: any[]) => any> = F & {
  /**
   * Calls it on another thread, see {@link FuncMembers.async | Func.async}. You may add {@link CallOptions} as one more
   * argument.
   */
  async(...args: Parameters<F> | [...Parameters<F>, options: CallOptions | undefined]): Promise<ReturnType<F>>
  readonly type: WitFuncType
  /** Its documentation, if the component has it. */
  readonly docs: string | undefined
  /** Its name in WIT, with the name of its interface: `demo:app/shapes@1.2.0#area`. */
  readonly witName: string
}

/** A method of a resource. The first argument of its `async` is the resource: `canvas.draw.async(canvas, shape)`. */
export type WitMethod<R extends WitResource, F extends (...args: any[]) => unknown = (...args: any[]) => any> = F & {
  async(resource: R, ...args: Parameters<F> | [...Parameters<F>, options: CallOptions | undefined]): Promise<ReturnType<F>>
  readonly type: WitFuncType
  readonly docs: string | undefined
  readonly witName: string
}

/** For `instanceof`. You cannot make one: components do. */
export const WitFunc: { readonly prototype: WitFunc; [Symbol.hasInstance](value: unknown): value is WitFunc }

/** The type of a {@link WitFunc}. The object is frozen. */
export class WitFuncType {
  private constructor()
  readonly params: readonly { readonly name: string; readonly type: WitType }[]
  /** The type of its result, if it has one. */
  readonly result: WitType | undefined
  /** As WIT writes it: `func(name: string) -> string`. */
  toString(): string
}

/** A type of WIT. The object is frozen. */
export class WitType {
  private constructor()
  /** `string`, `u8`, `list`, `record`, `variant`, `own`... */
  readonly sort: string
  /** Its name, if it has one that is known. */
  readonly name: string | undefined
  /** The interface that it is defined in. */
  readonly interface: string | undefined
  readonly docs: string | undefined
  /** The type of what a list or an option holds. */
  readonly element: WitType | undefined
  /** The fields of a record, with their names, or the types of a tuple. */
  readonly fields: readonly any[] | undefined
  /** The cases of a variant. */
  readonly cases: readonly { readonly name: string; readonly docs: string | undefined; readonly type: WitType | undefined }[] | undefined
  /** The names of an enum or of flags. */
  readonly names: readonly string[] | undefined
  /** The type of the `ok` of a `result`. */
  readonly ok: WitType | undefined
  /** The type of the `err` of a `result`. */
  readonly err: WitType | undefined
  /** Reads a value from its text: `{name: "Ada", age: 36}`. The same text in every language. */
  parse(text: string): any
  /** Writes a value as text. Resources have no text. */
  format(value: any): string
  /** As WIT writes it, such as `list<u8>`. */
  toString(): string
}

/**
 * A resource of a component. Its class is in the component's interface: `new shapes.Canvas(80, 24)`, or without `new`.
 *
 * Close it when you no longer need it, for example with `using`. If you do not, the next call of a component in its
 * store closes it, after the garbage collector found it. A host function may use a resource that it borrowed only until
 * it returns.
 */
export class WitResource {
  protected constructor()
  /** Whether you closed it or passed it on as `own`, or its store was closed. */
  readonly closed: boolean
  /**
   * Closes it. Its destructor runs now, or after the calls of components that run have returned. Closing twice is no
   * error.
   *
   * @throws {BusyError} if a call that runs has borrowed it.
   */
  close(): void
  [Symbol.dispose](): void
}

/** The imports and exports of a component. The object is frozen. */
export interface WitWorld {
  /** Its name, such as `demo:app/greeter@1.2.0`, if it came with a WIT text. A component alone does not have it. */
  readonly name: string | undefined
  readonly docs: string | undefined
  readonly imports: readonly WitItem[]
  readonly exports: readonly WitItem[]
}

/** Something that a component imports or exports. */
export type WitItem =
  | {
    readonly sort: 'interface'
    readonly name: string
    readonly docs: string | undefined
    readonly funcs: readonly WitFuncDef[]
    readonly types: readonly WitTypeDef[]
  }
  | { readonly sort: 'function' } & WitFuncDef
  | { readonly sort: 'type' } & WitTypeDef
  | { readonly sort: 'other'; readonly name: string; readonly what: string }

/** A function of an interface or of a world, with those of resources. */
export interface WitFuncDef {
  /** As the component has it: `area`, `[constructor]canvas`, `[method]canvas.draw`. */
  readonly name: string
  readonly role: 'function' | 'constructor' | 'method' | 'static'
  readonly resource: string | undefined
  readonly docs: string | undefined
  readonly type: WitFuncType
}

/** A type with a name; a resource is the `own` of it. */
export interface WitTypeDef {
  readonly name: string
  readonly docs: string | undefined
  readonly type: WitType
}

/**
 * Makes a host function, for imports or for {@link Func}, that gets and returns floats as integers of their bits, so
 * that a NaN keeps its bits. See {@link Value}. It calls `func`.
 */
export function bits<F extends (...args: any[]) => unknown>(func: F): F

/** A linear memory. Offsets and lengths are in bytes, from 0, a `number` or a `bigint`. */
export class Memory {
  /**
   * Makes a memory that modules can import.
   *
   * @param type `min` and `max` are in pages of `pageBytes`. A page has 65536 bytes by default; 1 is possible if the
   * engine allows it. With `is64` addresses have 64 bits.
   */
  constructor(store: Store, type: { min: number | bigint; max?: number | bigint; is64?: boolean; pageBytes?: number })
  readonly type: MemoryType
  readonly sizeBytes: number
  readonly sizePages: number
  /**
   * The bytes of the memory, without a copy. It is the same object each time, until the size changes. Then the old
   * buffer is detached, and you get a new one. If your code grows the memory or closes the store, it is detached at
   * once. If the guest grows the memory, the old buffer stays valid for the bytes that it shows, until you read this
   * property again.
   *
   * You cannot transfer it to another thread. While an asynchronous call runs, the guest may write at the same time, as
   * with a `SharedArrayBuffer`: you may see half of a change.
   *
   * @throws {UnsupportedError} if the JavaScript runtime allows no such buffers, as Electron.
   */
  readonly buffer: ArrayBuffer
  /** Copies bytes out. @throws {OutOfBoundsError} */
  read(offset: number | bigint, length: number | bigint): Uint8Array
  /** Copies as many bytes out as `target` holds, and returns it. @throws {OutOfBoundsError} */
  readInto<T extends Bytes>(offset: number | bigint, target: T): T
  /** Copies bytes in. If they do not fit, nothing is written. @throws {OutOfBoundsError} */
  write(offset: number | bigint, source: Bytes): void
  /**
   * Reads a text in UTF-8, of `length` bytes.
   *
   * @throws {WasmTypeError} if they are not UTF-8, saying where.
   * @throws {OutOfBoundsError}
   */
  readText(offset: number | bigint, length: number | bigint): string
  /**
   * Reads a text in UTF-8 that ends with a zero byte. It looks for that in at most `most` bytes, by default 1 MiB.
   *
   * @throws {OutOfBoundsError} if there is no zero byte.
   * @throws {WasmTypeError} as {@link Memory.readText}.
   */
  readCString(offset: number | bigint, most?: number | bigint): string
  /**
   * Writes a text in UTF-8, without a zero byte after it, and returns its number of bytes. If it does not fit, nothing
   * is written.
   *
   * @throws {OutOfBoundsError}
   * @throws {WasmTypeError} for half of a surrogate pair.
   */
  writeText(offset: number | bigint, text: string): number
  /** Grows the memory and returns the size before, both in pages. @throws {MemoryLimitError} */
  grow(pages: number | bigint): number
}

/** A table of references. Indices begin at 0. */
export class Table {
  /** @param type all elements are `init`, by default null. With `is64` indices have 64 bits. */
  constructor(store: Store, type: { element: RefType; min: number | bigint; max?: number | bigint; is64?: boolean; init?: unknown })
  readonly type: TableType
  /** How many elements it has now. */
  readonly size: number
  /** @throws {OutOfBoundsError} */
  get(index: number | bigint): any
  /** @throws {OutOfBoundsError} */
  set(index: number | bigint, value: unknown): void
  /** Grows the table and returns the size before. New elements are `init`, by default null. @throws {LimitError} */
  grow(delta: number | bigint, init?: unknown): number
}

/** A variable that JavaScript and guests share. */
export class Global<T = any> {
  /** @param type the type of the value, and whether it can be written, by default not. */
  constructor(store: Store, type: { content: ValueType; mutable?: boolean }, value: T)
  readonly type: GlobalType
  /** Writing throws {@link WasmTypeError} if it is immutable. */
  value: T
  /** The same, with a float as an integer of its bits. See {@link Value}. */
  bits: any
}

/** The type of an exception of WebAssembly. A guest catches an exception by its tag. */
export class Tag {
  /**
   * Makes a tag that modules can import. Once it was imported or thrown, it is kept as long as its store.
   *
   * @param params the types of the values in its exceptions.
   */
  constructor(store: Store, params?: readonly ValueType[])
  readonly type: TagType
  /** Whether both are the same tag. You may ask after the store was closed, too. */
  equals(other: unknown): boolean
}

/**
 * A struct or an array on the guest's heap. Only guests make them. It lives as long as JavaScript or the guest holds
 * it. You may get several `GcRef`s of one object: `equals` says so. A cycle through both heaps, such as a struct that
 * holds a JavaScript object that holds the struct, is freed when the store is closed.
 */
export class GcRef {
  private constructor()
  /** The same as `get` and `set`. */
  [index: number]: any
  readonly sort: 'struct' | 'array'
  readonly type: GcType
  /** The number of its fields or elements. @throws {ClosedError} */
  readonly length: number
  /** Reads a field or an element. Packed integers are never negative. @throws {OutOfBoundsError} */
  get(index: number | bigint): any
  /**
   * Writes a field or an element. Of a packed integer it writes the low bits.
   *
   * @throws {WasmTypeError} if it is immutable or the value does not fit.
   * @throws {OutOfBoundsError}
   */
  set(index: number | bigint, value: unknown): void
  /** As `get`, with a float as an integer of its bits. See {@link Value}. */
  getBits(index: number | bigint): any
  /** As `set`, with a float as an integer of its bits. */
  setBits(index: number | bigint, bits: unknown): void
  /** Whether both are the same object on the guest's heap. */
  equals(other: unknown): boolean
}

/** A field of a struct, or the elements of an array. */
export interface FieldType {
  /** What it holds; integers may be packed. */
  readonly storage: 'i8' | 'i16' | ValueType
  /** Whether it can be written. */
  readonly mutable: boolean
}

/** The type of a struct. */
export interface StructType {
  readonly sort: 'struct'
  readonly fields: readonly FieldType[]
  /** Such as `(struct (mut i32) f64)`. */
  toString(): string
}

/** The type of an array. */
export interface ArrayType {
  readonly sort: 'array'
  readonly element: FieldType
  /** Such as `(array (mut i8))`. */
  toString(): string
}

/** The type of an object on the guest's heap. */
export type GcType = StructType | ArrayType

/**
 * The host function that runs now; if several do, the innermost. Outside of a host function, everything is `undefined`.
 * In an `async` host function it is still there after an `await`, as long as the guest waits.
 */
export const context: {
  /** The name that the module imports it by, such as `env.log`. */
  readonly name: string | undefined
  /** An export of the instance that called it, such as its memory. */
  export(name: string): Func | Memory | Table | Global | Tag | undefined
}

/** What went wrong, in one word. The words are the same in every language. */
// generated: node.kinds
export type ErrorKind =
  | 'compile' | 'link' | 'trap' | 'host' | 'type' | 'range' | 'not_found' | 'out_of_bounds' | 'closed' | 'wrong_store'
  | 'busy' | 'deadlock' | 'poisoned' | 'cancelled' | 'timeout' | 'fuel' | 'memory_limit' | 'limit' | 'exit' | 'denied'
  | 'io' | 'unsupported' | 'internal' | 'exception' | 'wit'
// end generated

/** Why a guest trapped. */
// generated: node.traps
export type TrapCode =
  | 'unreachable' | 'memory_out_of_bounds' | 'table_out_of_bounds' | 'indirect_call_to_null' | 'bad_signature'
  | 'integer_overflow' | 'integer_division_by_zero' | 'bad_conversion_to_integer' | 'stack_overflow'
  | 'heap_misaligned' | 'null_reference' | 'array_out_of_bounds' | 'allocation_too_large' | 'cast_failure'
  | 'interrupt' | 'out_of_fuel' | 'other'
// end generated

/** A frame of a guest's call stack. Its text is the same as in stack traces. */
export interface Frame {
  readonly module: string | undefined
  readonly funcIndex: number
  /** The name of the function, demangled if it is not long. Long names are cut. */
  readonly funcName: string | undefined
  /** The offset of the instruction in the bytes of the module. */
  readonly moduleOffset: number | undefined
  toString(): string
}

/**
 * The class of all errors of Landbridge. Each kind has a subclass. What a host function throws is not wrapped: you get
 * the same value.
 *
 * A {@link WasmTypeError} is also a built-in `TypeError`. A {@link WasmRangeError} and an {@link OutOfBoundsError} are
 * also built-in `RangeError`s. If you call a method on an object of another class, the error is a plain `TypeError`.
 */
export class WasmError extends Error {
  constructor(message?: string, options?: { cause?: unknown; code?: string })
  readonly kind: ErrorKind
  /** If the guest trapped, why: a {@link TrapCode}. Of an {@link IoError} it is the system's code, such as `ENOENT`. */
  readonly code: string | undefined
  /** The guest's frames, innermost first. `stack` shows them, too. */
  readonly frames: readonly Frame[]
  /**
   * The end of the guest's output and refusals that were discarded, as text for people to read: at most 4 KiB of each
   * stream. `stack` shows it at its end. `''` if there is nothing.
   */
  readonly output: string
  /**
   * The row of {@link Mappable.map | map} that it came from, the first of which is 0. The rows before it are done.
   * `undefined` if it came from no row.
   */
  readonly row: number | undefined
}

/** The row of {@link Mappable.map | map} that a thrown object came from, as {@link WasmError.row}. Works for any object. */
export function rowOf(error: unknown): number | undefined

/** The guest frames that a thrown object passed through, innermost first. Works for any object. */
export function framesOf(error: unknown): readonly Frame[]

// generated: node.errors
/** The bytes are not a valid module, or use a feature that is off. */
export class CompileError extends WasmError {}
/** An import is missing or does not have the type that the module needs. */
export class LinkError extends WasmError {}
/** A host function failed without an exception of its own. */
export class HostError extends WasmError {}
/** A value of the wrong type, or the wrong number of them. */
export class WasmTypeError extends WasmError {}
export interface WasmTypeError extends TypeError {}
/** A number that does not fit the type it is meant for. */
export class WasmRangeError extends WasmError {}
export interface WasmRangeError extends RangeError {}
/** No export has this name, or it is of another sort, such as a memory instead of a function. */
export class NotFoundError extends WasmError {}
/** An access outside of a memory or a table, made by the program. */
export class OutOfBoundsError extends WasmError {}
export interface OutOfBoundsError extends RangeError {}
/** The object was closed. */
export class ClosedError extends WasmError {}
/** The object belongs to another store or engine. */
export class WrongStoreError extends WasmError {}
/** The store is in use and this thread must not wait for it, or all instances of a pool are taken. */
export class BusyError extends WasmError {}
/** Waiting for the store would never end: threads would wait for each other in a circle. */
export class DeadlockError extends WasmError {}
/** An earlier interruption or panic left the store in an unknown state; instantiate the module again. */
export class PoisonedError extends WasmError {}
/** The call was cancelled, as by {@link Store.cancel}; its store cannot be used afterwards. */
export class CancelledError extends WasmError {}
/** The call's deadline passed, see {@link Limits.timeoutMs}; its store cannot be used afterwards. */
export class TimeoutError extends WasmError {}
/** The store's fuel is used up, see {@link Limits.fuel}; the store cannot be used afterwards. */
export class FuelError extends WasmError {}
/**
 * The memories cannot become that large: their limit is reached, see {@link Limits.memoryBytes}, or the machine has no
 * more memory.
 */
export class MemoryLimitError extends WasmError {}
/** Another limit was reached, such as that of tables, instances, output or compiling; the message names it. */
export class LimitError extends WasmError {}
/** The store's policy does not grant this. */
export class DeniedError extends WasmError {}
/** The engine, or this JavaScript runtime, cannot do this; the message says what to do instead. */
export class UnsupportedError extends WasmError {}
/** A defect in Landbridge. */
export class InternalError extends WasmError {}
// end generated

/**
 * The `err` of a WIT `result`. You catch it if a function of a component returned one. In a host function, throw it to
 * return one.
 *
 * ```js
 * try { shop.total(order) } catch (error) { if (error instanceof WitError) console.log(error.payload) }
 * ```
 */
export class WitError<P = any> extends WasmError {
  /** `payload` is the value of the `err`, if it has one. It must have the type that WIT says. */
  constructor(payload?: P, options?: { cause?: unknown })
  readonly payload: P
}

/** The guest trapped. `code` says why. */
export class Trap extends WasmError {
  readonly code: TrapCode
}
/**
 * The guest ended itself with an exit code. ({@link Instance.run} does not throw it: it returns the exit code.) A host
 * function that throws one ends the guest that called it, with this code.
 */
export class ExitError extends WasmError {
  /**
   * @throws {WasmTypeError} if the code is no whole number.
   * @throws {WasmRangeError} if it has more than 32 bits. One from 2^31 on is read back signed.
   */
  constructor(message?: string, options?: { cause?: unknown; exitCode?: number })
  /** `undefined` if it was made without a code. Then it does not end a guest. */
  readonly exitCode: number
}
/** A file could not be read or written. `code`, `errno` and `path` are like those of the errors of `node:fs`. */
export class IoError extends WasmError {
  constructor(message?: string, options?: { cause?: unknown; code?: string; osCode?: number; path?: string })
  /** Such as `ENOENT`. */
  readonly code: string | undefined
  /** The number of `code`, negative, as in `util.getSystemErrorMap()`. */
  readonly errno: number | undefined
  /** The file or folder, as you named it. */
  readonly path: string | undefined
}

/**
 * An exception of WebAssembly. You get one if a guest threw it and no guest caught it. You can also make one and throw
 * it in a host function: guests can catch it by its tag. If none does, you get the same object back. Guests cannot
 * catch other errors. It is also the value of an `exnref`.
 */
export class TaggedException extends WasmError {
  /**
   * @param payload values of the tag's types.
   * @throws {WasmTypeError} if the payload does not fit the tag.
   */
  constructor(tag: Tag, payload?: readonly unknown[])
  /** Makes one from a payload that has floats as integers of their bits. See {@link Value}. */
  static fromBits(tag: Tag, payload: readonly unknown[]): TaggedException
  readonly tag: Tag
  /**
   * The values in it. The array is frozen. If the exception was thrown, you can read it after the store was closed,
   * too.
   */
  readonly payload: readonly any[]
  /** The same, with floats as integers of their bits. */
  readonly bits: any[]
  /** Whether both are the same exception on the guest's heap. */
  equals(other: unknown): boolean
}
