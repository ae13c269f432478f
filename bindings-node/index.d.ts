/// <reference types="node" />
/**
 * Loads WebAssembly modules and calls them, with the same types and errors as every other language
 * that Landbridge serves.
 *
 * All objects belong to the thread that made them; a {@link Module} can be sent to another one. No
 * function waits; a long call blocks its thread's event loop until the guest returns or a limit ends it.
 *
 * An asynchronous call ({@link FuncMembers.async | Func.async}, {@link Instance.callAsync}, {@link Instance.runAsync},
 * {@link Pool.callAsync}) runs on a native thread of the engine's, and the event loop goes on. Any number may be in
 * flight; those of one store run one after the other, in the order they were made. While one runs its store is in use: all
 * that enters it is {@link BusyError} then, but for host functions that the guest waits for, see {@link Importable}. A
 * process does not end by itself while one is in flight; `process.exit` and the end of a worker end them all.
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

/** All that {@link Ask.what} can be, in the order in which it is told. */
export const askNames: readonly AskName[]

/** The type of a reference: the nearest one, where a module is more exact. */
export type RefType =
  // generated: node.reference_types
  | 'funcref' | 'externref' | 'anyref' | 'eqref' | 'i31ref' | 'structref' | 'arrayref' | 'exnref' | 'nullref'
  | 'nullfuncref' | 'nullexternref' | 'nullexnref'
  // end generated

/** The type of a value. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | RefType

/**
 * A value as JavaScript has it.
 *
 * | type | takes | gives |
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
 * What a module rules out (null, an object of another type) is an error of kind `type`.
 *
 * A number is never taken for a `bigint`, nor the other way: both are errors of kind `type`, as are
 * numbers with a fraction for `i32`. A whole number that does not fit is an error of kind `range`, and so is
 * a view of another length for `v128`.
 * Node-API makes every NaN that comes out the same one. Where the bits of a NaN matter, floats pass as
 * integers of their bits: an `f32` as a `number` from 0 to 2^32-1, an `f64` as a `bigint` from 0 to
 * 2^64-1. See {@link FuncMembers.bits | Func.bits}, {@link bits}, {@link Global.bits}, {@link GcRef.getBits} and
 * {@link TaggedException.bits}; all other values are there as ever.
 */
export type Value = unknown

/** Bytes, as programs hold them. They are read in place. */
export type Bytes = ArrayBuffer | SharedArrayBuffer | ArrayBufferView

/** What a module is when it was cloned or sent to another thread: see {@link Module.bytes}. */
export interface SentModule {
  readonly bytes: Uint8Array
  readonly digest: string
}

/** What {@link load} takes: a path, a `file:` URL, bytes of a module, WebAssembly text, or a module that was sent. */
export type Source = string | URL | Bytes | SentModule

/**
 * Loads a module. A string is WebAssembly text if it begins with `(` or `;;`, after space and a byte order mark, and a
 * path otherwise; the file may hold either form. A file whose own name begins so is given as a URL. A module that is there already is not compiled again, whichever thread
 * of the process has it.
 *
 * @throws {IoError} if the file cannot be read.
 * @throws {CompileError} if it does not hold a valid module, or what was sent was altered on its way.
 */
export function load<E extends object = Exports>(source: Source, options?: LoadOptions): Module<E>

/**
 * The same on a thread of the engine's: the event loop goes on meanwhile, and no call waits for that thread. The promise is
 * rejected with what {@link load} throws. A signal that is aborted rejects it with the signal's reason: what has not begun is
 * never done, what has is compiled to its end. Bytes are copied at once.
 */
export function loadAsync<E extends object = Exports>(
  source: Source,
  options?: LoadOptions & CallOptions,
): Promise<Module<E>>

/**
 * Runs a program of WASI, as `docker run` would, and gives its exit code:
 *
 * ```js
 * run('app.wasm', ['--verbose', 'in.txt'], { policy: Policy.program().withReadOnlyDir('/data', './data') })
 * ```
 *
 * It has the streams of this process, its arguments (the first one is the name of the file), the real clock and secure
 * random numbers, and nothing else unless the options grant it. `args` may be left out. This thread waits for it, as for
 * `child_process.spawnSync`.
 *
 * @throws {NotFoundError} if the module is no program; and as {@link load}, {@link Module.instantiate} and calls. An exit
 * code is never thrown.
 */
export function run(program: Source, args?: readonly string[], options?: RunOptions): number

/** The same on threads of the engine's, which load the program, too: {@link loadAsync}. `signal` ends either. */
export function runAsync(program: Source, args?: readonly string[], options?: RunOptions & CallOptions): Promise<number>

/**
 * Tells what a module is, without compiling it. It may use features that the engine does not have:
 * they are told, and loading it is what fails.
 *
 * @throws {IoError} if the file cannot be read.
 * @throws {CompileError} if it does not hold a valid module.
 */
export function inspect(source: Source): Inspection

/** What a module is and what it will ask for; frozen. */
export interface Inspection {
  /** The name in its name section, if there is one. */
  readonly name: string | undefined
  /** What it asks for, in its own order; empty for a component. */
  readonly imports: readonly ImportType[]
  /** What it asks of WASI, as far as its imports tell. What else it imports, its host must lend. */
  readonly asks: readonly Ask[]
  /**
   * What it was built for, if its imports tell of a host that is neither WASI nor one of its own, such as JavaScript, and
   * what to do, in a sentence.
   */
  readonly builtFor: string | undefined
  /** What it gives, in its own order; empty for a component. */
  readonly exports: readonly ExportType[]
  /** All its memories, imported ones first. */
  readonly memories: readonly MemoryType[]
  /** The features beyond WebAssembly 1.0 without which it is not valid, by the names of their proposals. */
  readonly features: readonly string[]
  /** How much more work compiling it is than its size accounts for, in the units of {@link EngineOptions.compileCost}. */
  readonly compileCost: number
  /** The sections that are not part of the standard, in its own order. Several may have one name. */
  readonly customSections: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  /** What made it: `field` is `language`, `sdk` or `processed-by`. */
  readonly producers: readonly { readonly field: string; readonly name: string; readonly version: string }[]
  /** The features that its compiler was told to use, such as `+simd128`. */
  readonly targetFeatures: readonly string[]
  /**
   * What a component imports and exports, as text of WIT for people to read, with what is written about it; `undefined` for
   * a core module. All of it is in `toJSON().world`, as data.
   */
  readonly wit: string | undefined
  /**
   * All of it as JSON, the same bytes in every host: an object of the properties, by their names with underscores and in
   * the order of these. Types are texts; of a custom section there is how many bytes it has.
   */
  toJson(): string
  /** The same as an object: what `JSON.stringify` writes. */
  toJSON(): unknown
}

/**
 * What a module can ask of WASI. `stdin` and `streams` may mean files where `files` is told too; stdout and stderr are
 * `streams`, since one function writes to both.
 */
export type AskName =
  | 'args' | 'env' | 'clock' | 'random' | 'files' | 'stdin' | 'streams' | 'poll' | 'exit' | 'sockets' | 'signals'
  | 'yield' | 'http'

/** Something that a module asks of WASI; frozen. */
export interface Ask {
  readonly what: AskName
  /** The functions it asks by, in the order of its imports. */
  readonly functions: readonly string[]
}

export interface LoadOptions {
  /** The engine that compiles; the one that all threads share if none is named. */
  engine?: Engine
}

/** How an {@link Engine} is made. */
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
  // end generated
}

/** Compiles modules. Most programs use the shared one without naming it. */
export class Engine {
  /** @throws {UnsupportedError} if this machine cannot run the engine. */
  constructor(options?: EngineOptions)
}

/**
 * Compiled code.
 *
 * It can be cloned and sent to another thread (`structuredClone`, `postMessage`, `workerData`): it goes
 * as its bytes and their hash, and comes out as a {@link SentModule}, which {@link load} takes. Within a
 * process it is not compiled again.
 */
export class Module<E extends object = Exports> {
  /** Compiles bytes or WebAssembly text; see {@link load}. */
  constructor(source: string | Bytes, options?: LoadOptions)
  static fromFile<E extends object = Exports>(path: string | URL, options?: LoadOptions): Module<E>
  static fromText<E extends object = Exports>(text: string, options?: LoadOptions): Module<E>
  static fromBytes<E extends object = Exports>(bytes: Bytes, options?: LoadOptions): Module<E>
  /**
   * Loads what {@link Module.compile} wrote, without compiling.
   *
   * The file is machine code that runs as it is. It is trusted: never load one from somebody whose
   * programs you would not run. What is checked guards against mistakes, not against malice. The file
   * must not be changed while the module is loaded.
   *
   * @throws {IoError} if the file cannot be read.
   * @throws {CompileError} if it is no such file, was truncated or altered, or is for another version,
   * CPU, operating system or configuration of the engine; the message says which.
   */
  static loadPrecompiled<E extends object = Exports>(path: string | URL, options?: LoadOptions): Module<E>
  /**
   * Writes the compiled code to a file, for {@link Module.loadPrecompiled}; one that is there is
   * replaced, in one step. It fits one version of Landbridge, one sort of CPU and operating system, and
   * the options of the engine. Only this user can read and write it.
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
  /** What it asks for, in its own order; empty for a component. */
  readonly imports: readonly ImportType[]
  /** What it gives, in its own order; empty for a component. */
  readonly exports: readonly ExportType[]
  /** What a component asks for and offers, with the types of its functions; `undefined` for a core module. */
  readonly world: WitWorld | undefined
  /**
   * Makes an instance and runs the module's start function. Without a store it has one of its own,
   * which closes with it, and which the other options close in; nothing is granted or bounded by default.
   * A module that asks for WASI preview 1 gets it as far as the policy grants.
   *
   * @throws {LinkError} naming every import that is missing or of another type.
   * @throws {WasmTypeError} if both a store and one of the {@link SandboxOptions} are given.
   * @throws {IoError} if a folder or file that was granted to a module of WASI cannot be opened.
   */
  instantiate<T extends object = E>(options?: InstantiateOptions): Instance<T>
}

/** How a store is closed in: what its guests may touch, how much they may use, where their streams go. */
export interface SandboxOptions {
  /** What guests may touch; nothing if left out. */
  policy?: Policy | undefined
  /** How much they may use; as much as they like if left out. */
  limits?: Limits | undefined
  /** What they read: nothing if left out. Bytes are copied at once, a file is opened when WASI is first asked for. */
  stdin?: 'inherit' | Bytes | FileStream | undefined
  /** Where what they write goes; it is dropped if left out, but for its end, which {@link WasmError.output} tells. */
  stdout?: Output | undefined
  /** As `stdout`, for errors. */
  stderr?: Output | undefined
  /**
   * Where it is told what WASI refused the guests, one line each, such as
   * `refused: path_open "../x" below "/data": not permitted`. Nowhere if left out; `'inherit'` is the process's stderr. It is
   * not counted as output, and after 10,000 lines of a store no more are told. What a guest chose in it has no control
   * characters.
   */
  refusals?: Output | undefined
}

/** How {@link run} runs a program. A stream that is left out is the process's own, one that is `null` goes nowhere. */
export interface RunOptions extends LoadOptions {
  /** What it may touch, in place of {@link Policy.program}. */
  policy?: Policy | undefined
  limits?: Limits | undefined
  stdin?: SandboxOptions['stdin'] | null
  stdout?: Output | null | undefined
  stderr?: Output | null | undefined
  refusals?: Output | null | undefined
}

/**
 * A file as a stream. One that is written is made, or emptied if it is there. If it is a named pipe, the guest waits for its
 * other end when it first reads or writes.
 */
export interface FileStream {
  readonly file: string | URL
}

/**
 * Where what a guest writes goes.
 *
 * - `'inherit'`: to the process's own stream, past `process.stdout` and what it has buffered.
 * - `'capture'`: it is kept until {@link Store.stdout}, {@link Store.stderr} or {@link Store.refusals} takes it; of output
 *   16 MiB at most, unless `limits.outputBytes` says how much.
 * - a file.
 * - a function, called at once with a copy of the bytes. It must answer at once: a promise is an error. What it throws
 *   arrives from the call as the very value it is. It may use other stores, but not enter the guest's: that is
 *   {@link BusyError}. In an asynchronous call it runs on the JavaScript thread, in order, and the guest waits for it.
 */
export type Output = 'inherit' | 'capture' | FileStream | LineStream | ((bytes: Uint8Array) => unknown)

/**
 * A function that is called with each line of text that is written: UTF-8, in which what is invalid is replaced, without
 * the newline. A line of more than 64 KiB comes in parts of that size, and a last line without a newline when the call of
 * the guest ends. Otherwise it is called as the one that takes bytes.
 */
export interface LineStream {
  readonly lines: (line: string) => unknown
}

/**
 * How much the guests of one store may use; what is left out is not bounded. Each limit has an error of its own.
 * They are whole numbers from 0; a `number` beyond 2^53-1 is refused, give a `bigint` there.
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

/** Limits as JSON, for files and other languages; limits themselves are plain objects. */
export const Limits: {
  /**
   * Reads limits from JSON, such as `{"memory_bytes": 1048576, "timeout_ms": 500}`; the keys are those of every host. What
   * has no key is not bounded, and a part of a millisecond counts as a whole one. Numbers beyond 2^53-1 come as `bigint`.
   *
   * @throws {WasmTypeError} saying which key is unknown or wrong.
   */
  fromJson(json: string): Limits
  /** The limits as JSON, the same bytes in every host. Nothing is said of what is not bounded. */
  toJson(limits: Limits): string
}

/** What the guests of a store use and used; frozen. */
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
 * Which clock guests see; nanoseconds since 1970. They are `bigint` when read, since these exceed 2^53. It tells the
 * times of files, too: they are 0 where there is none, and its own time where it is not the host's.
 */
export type Clock<N = bigint> = 'none' | 'real' | { readonly fixedNs: N } | { readonly startNs: N; readonly stepNs: N }

/** Which random numbers guests get: those of a seed are the same in every language. The seed is a `bigint` when read. */
export type Random<N = bigint> = 'none' | 'secure' | { readonly seed: N }

/** What guests may do with a folder: look and read, or make, write, rename and remove as well. */
export type Access = 'read' | 'write'

/** Ports of a grant: one, or a text such as `'443'`, `'8000-8999'` or `'*'`, which is all of them. */
export type Ports = number | string

/** A folder that each store makes for itself; frozen. */
export interface MemoryDir {
  /** What is in it at the start, by paths; copies. */
  readonly files: Readonly<Record<string, Uint8Array>>
  readonly access: Access
}

/**
 * What the guests of a store may touch beyond their imports. It starts at nothing, and is never changed: each method
 * that grants gives a new one. What was not granted is an error of WASI to the guest. It is no JSON for
 * `JSON.stringify` and cannot be cloned: use {@link Policy.toJson}.
 */
export class Policy {
  private constructor()
  /** Grants nothing. */
  static none(): Policy
  /** Grants the real clock and secure random numbers, which most programs need to start; see {@link run}. */
  static program(): Policy
  /** Reads what {@link Policy.toJson} gave, in any language. @throws {WasmTypeError} saying which key is wrong. */
  static fromJson(json: string): Policy
  /** Reads a file of JSON. @throws {IoError} if it cannot be read. */
  static fromFile(path: string | URL): Policy
  /** Grants to look at and read a folder of the host, under the name that guests see. */
  withReadOnlyDir(guest: string, host: string | URL): Policy
  /**
   * Grants a folder of the host, under the name that guests see. It is opened when WASI is first asked for. The kernel's
   * file systems below it, such as `/proc` and `/sys`, are not given, unless this is a folder inside of one.
   */
  withDir(guest: string, host: string | URL, access: Access): Policy
  /**
   * Grants a folder that each store makes for itself, in memory where the system has a place for that, with these files
   * in it at the start; it is gone with the store. Bytes are copied at once.
   *
   * @param files texts, which are written as UTF-8, and bytes, by their paths inside, with `/`.
   * @throws {WasmTypeError} if a path is absolute or leads out, or is that of a file and of a folder.
   */
  withMemoryDir(guest: string, files: Readonly<Record<string, string | Bytes>>, access: Access): Policy
  /**
   * Grants to connect by TCP to a network. Programs of WASI preview 1 cannot open a connection, so they reach no network
   * whatever is granted; the questions below are for the program.
   *
   * @param network an address, or of the form `10.0.0.0/8`.
   * @throws {WasmTypeError} if it is neither, or these are no ports.
   * @throws {WasmRangeError} if the number is none of a port.
   */
  withTcpConnect(network: string, ports: Ports): Policy
  /** Grants to wait for connections by TCP at addresses of this machine. Throws as {@link Policy.withTcpConnect}. */
  withTcpBind(network: string, ports: Ports): Policy
  /** Grants to send to a network by UDP, and to receive from it. Throws as {@link Policy.withTcpConnect}. */
  withUdpConnect(network: string, ports: Ports): Policy
  /** Grants to receive by UDP at addresses of this machine. Throws as {@link Policy.withTcpConnect}. */
  withUdpBind(network: string, ports: Ports): Policy
  /**
   * Grants to resolve a name and to connect by TCP to the addresses that come back, at these ports. Whoever answers for
   * the name chooses the addresses, ones of this machine included.
   *
   * @param name a name, `*.example.org` for all names below that one, without itself, or `*` for any. Other letters than
   * ASCII are written as `xn--`.
   * @throws {WasmTypeError} if it is no name of a host; and as {@link Policy.withTcpConnect}.
   */
  withName(name: string, ports: Ports): Policy
  /**
   * Grants requests by HTTP. It grants no connections of the guest's own.
   *
   * @param scheme `http`, `https` or `*`.
   * @param host an address, or a name as in {@link Policy.withName}.
   * @param method as it is sent, such as `GET`, or `*`.
   * @throws {WasmTypeError} saying what is wrong; and as {@link Policy.withTcpConnect}.
   */
  withHttp(scheme: string, host: string, ports: Ports, method: string): Policy
  /** Grants to see a variable of the environment, with this value. */
  withEnv(name: string, value: string): Policy
  /** Gives the arguments that a program sees, its name first. */
  withArgs(args: readonly string[]): Policy
  withClock(clock: Clock<number | bigint>): Policy
  withRandom(random: Random<number | bigint>): Policy
  /** The folders, by the names that guests see; frozen, as all of these are. */
  readonly dirs: Readonly<Record<string, { readonly path: string; readonly access: Access }>>
  /** The folders that each store makes for itself, by the names that guests see. */
  readonly memoryDirs: Readonly<Record<string, MemoryDir>>
  readonly env: Readonly<Record<string, string>>
  readonly args: readonly string[]
  readonly clock: Clock
  readonly random: Random
  /** What both grant: never wider than either. */
  restrict(by: Policy): Policy
  /**
   * Whether everything that `other` grants is granted here. What only several grants of the network grant together, such as
   * two ranges of ports that meet, counts as not granted.
   */
  allows(other: Policy): boolean
  /**
   * Whether a guest may connect to an address by TCP. An IPv4 address in IPv6 clothes counts as what it is, and the address
   * of no machine (`0.0.0.0`, `::`) as this machine, which is what systems take it for.
   *
   * @param address such as `192.0.2.1` or `2001:db8::1`, without brackets; of names there is {@link Policy.allowsNamePort}.
   * @throws {WasmTypeError} if it is no address.
   * @throws {WasmRangeError} if the port is none.
   */
  allowsTcpConnect(address: string, port: number): boolean
  /**
   * Whether a guest may wait for connections at an address. `0.0.0.0` means all addresses of IPv4 and needs a grant of
   * `0.0.0.0/0`; `::` all those of IPv6 alone, with `::/0`. Throws as {@link Policy.allowsTcpConnect}.
   */
  allowsTcpBind(address: string, port: number): boolean
  /** Whether a guest may send to an address by UDP. See {@link Policy.allowsTcpConnect}. */
  allowsUdpConnect(address: string, port: number): boolean
  /** Whether a guest may receive at an address by UDP. See {@link Policy.allowsTcpBind}. */
  allowsUdpBind(address: string, port: number): boolean
  /** Whether a guest may resolve a name. Large letters are small ones, and a dot at the end does not count. */
  allowsName(name: string): boolean
  /** Whether a guest may connect by TCP to an address that this name resolved to. */
  allowsNamePort(name: string, port: number): boolean
  /** Whether a guest may make a request by HTTP. */
  allowsHttp(scheme: string, host: string, port: number, method: string): boolean
  /** Whether both grant the same. */
  equals(other: unknown): boolean
  /** As JSON; the same text in every language. */
  toJson(): string
}

/** How a {@link Store} is made. */
export interface StoreOptions extends LoadOptions, SandboxOptions {}

export interface InstantiateOptions extends SandboxOptions {
  /** What the module asks for, by module and name. An instance lends all its exports. */
  imports?: Imports
  /** The store to live in, to share memories, tables, globals and functions with its other instances. */
  store?: Store | undefined
  /**
   * Whether `_initialize` is called, which a reactor of WASI exports, a library that is called into; true if not said
   * otherwise. With false you can set the
   * instance up before it, and call it yourself before anything else: once, a second call is {@link UnsupportedError}.
   */
  initialize?: boolean | undefined
}

/**
 * What can be lent to a module. Any function can; its type is the one the module asks for. Anything else
 * is a value for an immutable global, and must be of the type the module asks for; see {@link Value}.
 *
 * A function runs on the JavaScript thread that lent it. In an asynchronous call the guest waits for it on a thread of the
 * engine's, and it may return a promise: the guest waits for what that gives, and meanwhile this thread may use the
 * instance (read its memory, call its exports), whatever else it does. What the promise rejects with arrives from the call
 * as the very value it is. If the call ends before, by its deadline or its signal, what the promise gives is dropped. In a
 * synchronous call a promise is {@link WasmTypeError}; in a synchronous call that a host function of an asynchronous one
 * makes it is {@link DeadlockError}, since the event loop waits there.
 */
export type Importable = Memory | Table | Global | Tag | Func | ((...args: any[]) => unknown) | Value

/**
 * What a program lends, by module and name. To a component: by interface, in full or in short, an object, a module of
 * JavaScript or an object of a class with the interface's functions, and a class for each of its resources; functions of the
 * world itself under their own names. Functions that throw a {@link WitError} give the `err` of their result, all else that
 * they throw comes out of the call as it is. An instance of a component of the same store lends its interface as it is.
 *
 * ```js
 * imports: { currency: () => 'EUR', 'demo:app/host': { log(text) { ... }, Journal: class { write(text) { ... } } } }
 * ```
 */
export type Imports = Readonly<Record<string, Readonly<Record<string, Importable>> | Instance<any> | object>>

/** Exports of a module whose types are not given. */
export type Exports = Readonly<Record<string, any>>

export interface FuncType {
  readonly sort: 'func'
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
  /** Such as `(i32, i32) -> (i32)`. */
  toString(): string
}

export interface MemoryType {
  readonly sort: 'memory'
  /** Pages at the start. Beyond 2^53 these are the nearest number. */
  readonly min: number
  /** Pages it may grow to, if bounded. */
  readonly max: number | undefined
  /** Whether addresses have 64 bits. */
  readonly is64: boolean
  /** Bytes in a page. */
  readonly pageBytes: number
  toString(): string
}

export interface TableType {
  readonly sort: 'table'
  readonly element: RefType
  /** Elements at the start. Beyond 2^53 these are the nearest number. */
  readonly min: number
  /** Elements it may grow to, if bounded. */
  readonly max: number | undefined
  /** Whether indices have 64 bits. */
  readonly is64: boolean
  toString(): string
}

export interface GlobalType {
  readonly sort: 'global'
  readonly content: ValueType
  readonly mutable: boolean
  toString(): string
}

export interface TagType {
  readonly sort: 'tag'
  /** The types of what its exceptions carry. */
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
  toString(): string
}

export type ExternType = FuncType | MemoryType | TableType | GlobalType | TagType

export interface ImportType {
  readonly module: string
  readonly name: string
  readonly type: ExternType
}

export interface ExportType {
  readonly name: string
  readonly type: ExternType
}

/**
 * One sandbox: instances that share anything live in one store. `module.instantiate` makes one by
 * itself, so most programs never name it.
 */
export class Store {
  /** @throws {UnsupportedError} for a timeout if the engine cannot interrupt guests. */
  constructor(options?: StoreOptions)
  /** Makes an instance in this store; see {@link Module.instantiate}. */
  instantiate<E extends object = Exports>(module: Module<E>, options?: { imports?: Imports; initialize?: boolean | undefined }): Instance<E>
  /** What its guests use and used. @throws {ClosedError} */
  usage(): Usage
  /**
   * Gives it so much fuel, in place of what is left, and counts from there.
   *
   * @throws {UnsupportedError} if it was made without a limit of fuel.
   */
  setFuel(fuel: number | bigint): void
  /**
   * Ends the call that runs in this store with {@link CancelledError}; the store is poisoned then. If none runs,
   * nothing happens. A synchronous call blocks its thread and a store belongs to one, so there this is of use inside of
   * a host function or a function for output: the call ends soon after that has returned. To end a guest that calls nothing
   * give it `limits.timeoutMs`, or call it asynchronously; {@link CallOptions.signal} ends one such call and no other.
   */
  cancel(): void
  /** Takes what guests wrote to stdout, if it is captured. Works while they run and after closing, too. */
  stdout(): Uint8Array
  /** The same for stderr. */
  stderr(): Uint8Array
  /** As {@link Store.stdout}, as text: UTF-8, in which what is invalid is replaced. Asked while a guest writes, a character may be cut. */
  stdoutText(): string
  /** The same for stderr. */
  stderrText(): string
  /** Takes what was noted of refusals, one a line, if it is captured; likewise. */
  refusals(): Uint8Array
  /**
   * What guests wrote last, and were refused, where nobody could see it: to streams that go nowhere. A text for reading,
   * of at most 4 KiB of each stream, which {@link WasmError.output} tells too; likewise.
   */
  output(): string
  /**
   * Collects garbage of the guests' heap now, and lets go of values of JavaScript that only garbage
   * held. It is collected by itself when there is need. @throws {ClosedError}
   */
  gc(): void
  readonly closed: boolean
  /**
   * Closes it: everything in it answers with {@link ClosedError} from now on, buffers of its memories
   * are empty, and its memory is freed as soon as nothing runs in it. Closing twice is no error.
   */
  close(): void
  [Symbol.dispose](): void
}

/** A module at work. Its exports stay usable as long as they are held, unless it is closed. */
export class Instance<E extends object = Exports> {
  private constructor()
  readonly module: Module<E>
  /** The store it lives in: the one it was made in, or its own. */
  readonly store: Store
  /**
   * Functions, memories, tables, globals and tags by name; frozen. Of a component: its functions, each a {@link WitFunc}, its
   * interfaces, each with its functions, {@link WitResource} classes and {@link WitType}s, by JavaScript's names and by those of WIT:
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
   * Runs a program of WASI: calls its `_start` and gives its exit code. A program runs once.
   *
   * @throws {NotFoundError} if the module is no program.
   * @throws {UnsupportedError} if it ran already.
   */
  run(): number
  /** The same on one of the engine's threads; see {@link FuncMembers.async | Func.async}. */
  runAsync(options?: CallOptions): Promise<number>
  /**
   * A function of a component by a name of WIT, long or short: `hello`, `shapes#area`, `demo:app/shapes@1.2.0#area`,
   * `shapes#canvas.draw`, whose first argument is the resource.
   *
   * @throws {NotFoundError} if there is none, or several.
   */
  witFunc(name: string): WitFunc
  /** Calls an exported function by its name; of a component, as {@link Instance.witFunc} finds it. */
  call(name: string, ...args: Value[]): any
  /** The same on one of the engine's threads; one more argument is {@link CallOptions}. See {@link FuncMembers.async | Func.async}. */
  callAsync(name: string, ...args: Value[]): Promise<any>
  /**
   * Closes it, and its store if that was made for it; see {@link Store.close}. One made in a store
   * only stops answering: its exports live on with the store. One taken from a {@link Pool} is given back.
   * Asynchronous calls that are in flight end with {@link ClosedError}.
   */
  close(): void
  [Symbol.dispose](): void
}

/** How an asynchronous call is made. */
export interface CallOptions {
  /**
   * Ends this call and no other when it is aborted; the promise rejects at once, with the signal's `reason`. If it was aborted
   * before, or the call has not begun, nothing runs. A guest that runs is ended at its next tick, a millisecond or so later,
   * and its store is poisoned then; one of an engine that is not `interruptible` goes on until it returns.
   */
  readonly signal?: AbortSignal | undefined
}

/** A function of this type that can be called asynchronously, too. */
export type Asynchronous<F> = F extends { async(...args: any[]): unknown }
  ? F
  : F extends (...args: infer A) => infer R
    ? F & { async(...args: A | [...A, options: CallOptions | undefined]): Promise<R> }
    : F

/** Exports as an instance has them: functions have `async`. */
export type Exported<E> = { readonly [K in keyof E]: Asynchronous<E[K]> }

/** How a {@link Pool} is made. */
export interface PoolOptions extends SandboxOptions {
  /** The most instances at a time, from 1; as many as the machine has cores if left out. */
  max?: number | undefined
  /**
   * How long an asynchronous call waits for an instance when all are taken, in milliseconds; then it is
   * {@link BusyError}. 30,000 if left out. What is not asynchronous never waits.
   */
  waitMs?: number | undefined
  /**
   * What becomes of an instance that is given back. `'fresh'`, the default: it is closed and a fresh one takes its place, so
   * no caller sees what another left behind. `'reuse'`: it is used again as it is, with its limits of fuel and output as at
   * first, unless it was closed or poisoned; for guests that are trusted to keep callers apart.
   */
  reset?: 'fresh' | 'reuse' | undefined
  /** What is lent to each instance. Only functions and values can be: everything else lives in one store. */
  imports?: Imports | undefined
  /** As in {@link InstantiateOptions}. */
  initialize?: boolean | undefined
}

/** What a {@link Pool} has now, and has done; frozen. */
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
}

/**
 * Ready instances of one module, each in a store of its own with these limits, for calls that run side by side. It belongs to
 * the thread that made it, as all objects do.
 */
export class Pool<E extends object = Exports> {
  /**
   * Makes one instance, so that what is wrong with the module or its imports shows now; further ones are made when they are
   * needed.
   *
   * @throws {WasmRangeError} if `max` is 0; and as {@link Module.instantiate}.
   */
  constructor(module: Module<E>, options?: PoolOptions)
  readonly module: Module<E>
  /**
   * Takes an instance; closing it gives it back, and so does the collector if it is forgotten. What was got from it, such as
   * functions and memories, must not be used after that.
   *
   * @throws {BusyError} if all are taken: this never waits.
   * @throws {ClosedError}
   */
  get(): Instance<E>
  /** Takes an instance, calls an exported function by its name, and gives it back. Throws as both do. */
  call(name: string, ...args: Value[]): any
  /**
   * The same on one of the engine's threads, as soon as an instance is free; one more argument is {@link CallOptions}. See
   * {@link FuncMembers.async | Func.async}.
   */
  callAsync(name: string, ...args: Value[]): Promise<any>
  readonly counts: PoolCounts
  /**
   * Closes it: ready instances are closed now, those that are taken when they are given back, and calls that wait for one
   * end with {@link ClosedError}. Closing twice is no error.
   */
  close(): void
  [Symbol.dispose](): void
}

/**
 * A function in a store, of a guest or of the program. It is called like any function; the number of
 * arguments must be exact. No result is `undefined`, several are an array.
 *
 * One function is one object, however it is reached.
 */
export type Func<F extends (...args: any[]) => any = (...args: any[]) => any> = F & FuncMembers<F>

/** What a {@link Func} has beside being called. */
export interface FuncMembers<F extends (...args: any[]) => any> {
  /** Calls it with floats as their bits, in arguments and results, so that every NaN keeps its own; see {@link Value}. */
  bits(...args: any[]): any
  /**
   * Calls it on one of the engine's threads. One more argument than it takes is {@link CallOptions}. The promise is rejected
   * with what a call would throw, arguments that do not fit included, and never throws by itself. It is settled on this thread.
   * Of what resolves to a thenable, such as a promise that the guest was given as an `externref`, a promise takes the outcome.
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
   * Makes a function that guests can hold: that can be put into a table, a global or an import. It is
   * called with the arguments as {@link Value} has them. No result takes any answer but a promise,
   * several take an array.
   */
  new (store: Store, type: { params?: readonly ValueType[]; results?: readonly ValueType[] }, func: (...args: any[]) => unknown): Func
  readonly prototype: Func
}

/**
 * A function of a component. It is called like any function, with values as JavaScript has them:
 *
 * | WIT | JavaScript |
 * | --- | --- |
 * | `bool` | a `boolean` |
 * | `s8` to `u32` | a whole `number`, range checked |
 * | `s64`, `u64` | a `bigint`, range checked |
 * | `f32`, `f64` | a `number` |
 * | `char`, `string` | a `string`; half of a surrogate pair is {@link WasmTypeError} |
 * | a list of numbers | the typed array of them; an array is taken, too |
 * | any other list, a tuple | an array |
 * | a record | an object with camelCase names; those of WIT are taken, too |
 * | a variant | `{ tag: 'circle', val: 2 }`, `{ tag: 'dot' }`; of one that holds nothing, just its name is taken, too |
 * | an enum | its name |
 * | flags | an object of booleans; an array or a `Set` of names is taken, too |
 * | an option | what it holds, or `undefined`; `null` is taken, too. One that holds an option is `{ tag: 'some', val }` |
 * | a result that is all of a function's result | what it holds; its `err` is thrown as a {@link WitError} |
 * | any other result | `{ tag: 'ok', val }` or `{ tag: 'err', val }` |
 * | a resource of the component | a {@link WitResource} |
 * | a resource that the component imports | an object of the program's; the very same one comes back |
 *
 * What does not fit is told with its place, such as `args[0].tags[1]`, before anything runs. Options at the end may be left
 * out. Each value that comes out is one of its own.
 */
export type WitFunc<F extends (...args: any[]) => unknown = (...args: any[]) => any> = F & {
  /**
   * Calls it on one of the engine's threads; see {@link FuncMembers.async | Func.async}. One more argument than it has parameters is
   * {@link CallOptions}. Of a method the resource is the first argument.
   */
  async(...args: Parameters<F> | [...Parameters<F>, options: CallOptions | undefined]): Promise<ReturnType<F>>
  readonly type: WitFuncType
  /** Its documentation, where the component has it. */
  readonly docs: string | undefined
  /** Its name as WIT has it, with that of its interface: `demo:app/shapes@1.2.0#area`. */
  readonly witName: string
}

/** A method of a resource of a component, which is the first argument of `async`: `canvas.draw.async(canvas, shape)`. */
export type WitMethod<R extends WitResource, F extends (...args: any[]) => unknown = (...args: any[]) => any> = F & {
  async(resource: R, ...args: Parameters<F> | [...Parameters<F>, options: CallOptions | undefined]): Promise<ReturnType<F>>
  readonly type: WitFuncType
  readonly docs: string | undefined
  readonly witName: string
}

/** For `instanceof`: functions of WIT are made by components. */
export const WitFunc: { readonly prototype: WitFunc; [Symbol.hasInstance](value: unknown): value is WitFunc }

/** The type of a {@link WitFunc}; frozen. */
export class WitFuncType {
  private constructor()
  readonly params: readonly { readonly name: string; readonly type: WitType }[]
  /** What it gives, if anything. */
  readonly result: WitType | undefined
  /** As WIT writes it: `func(name: string) -> string`. */
  toString(): string
}

/** A type of WIT; frozen. */
export class WitType {
  private constructor()
  /** `string`, `u8`, `list`, `record`, `variant`, `own`... */
  readonly sort: string
  /** Its own name, where it can be known. */
  readonly name: string | undefined
  /** The interface that it is defined in. */
  readonly interface: string | undefined
  readonly docs: string | undefined
  /** What a list or an option holds. */
  readonly element: WitType | undefined
  /** The fields of a record, with their names, or the types of a tuple. */
  readonly fields: readonly any[] | undefined
  /** The cases of a variant. */
  readonly cases: readonly { readonly name: string; readonly docs: string | undefined; readonly type: WitType | undefined }[] | undefined
  /** The names of an enum or of flags. */
  readonly names: readonly string[] | undefined
  /** What a result holds if all went well. */
  readonly ok: WitType | undefined
  /** What a result holds if not. */
  readonly err: WitType | undefined
  /** Reads a value from its text: `{name: "Ada", age: 36}`. The same text in every language. */
  parse(text: string): any
  /** The text of a value. Resources have none. */
  format(value: any): string
  /** As WIT writes it, such as `list<u8>`. */
  toString(): string
}

/**
 * A resource of a component, of a class that the component's interface has: `new shapes.Canvas(80, 24)`, or `shapes.canvas(80, 24)`.
 * Close it when you are done, by `using` for instance; what is collected is closed by the next call of a component of its store. One
 * that a host function was lent is good until that returns.
 */
export class WitResource {
  protected constructor()
  /** Whether it was closed or given away, or its store was closed. */
  readonly closed: boolean
  /**
   * Lets go of it: its destructor runs now, or when the calls of components that are at work have returned. Closing what is closed is no error.
   *
   * @throws {BusyError} if it is lent to a call that is at work.
   */
  close(): void
  [Symbol.dispose](): void
}

/** What a component asks for and offers; frozen. */
export interface WitWorld {
  /** Its name, such as `demo:app/greeter@1.2.0`, if a WIT text has it: a component itself has none. */
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
 * Makes a function to lend to guests, or for {@link Func}, whose arguments and results have floats as
 * their bits, so that every NaN keeps its own; see {@link Value}. It calls `func`.
 */
export function bits<F extends (...args: any[]) => unknown>(func: F): F

/** A linear memory. Offsets and lengths are in bytes, from 0, a `number` or a `bigint`. */
export class Memory {
  /**
   * Makes one that can be lent to modules.
   *
   * @param type `min` and `max` in pages of `pageBytes`, which is 65536 if left out, or 1 if the engine
   * allows it; `is64` gives it addresses of 64 bits.
   */
  constructor(store: Store, type: { min: number | bigint; max?: number | bigint; is64?: boolean; pageBytes?: number })
  readonly type: MemoryType
  readonly sizeBytes: number
  readonly sizePages: number
  /**
   * All its bytes in place. The same object each time, until the size has changed: then the former
   * one is detached and a new one made. Growing from here and closing detach it at once; when the
   * guest grows the memory, the former one stays good for the bytes it shows until this is read again.
   * It cannot be transferred to another thread. While an asynchronous call runs its guest writes at the same time, as with
   * a `SharedArrayBuffer`: what is read may be half new.
   *
   * @throws {UnsupportedError} where the engine of JavaScript allows no such view.
   */
  readonly buffer: ArrayBuffer
  /** Copies bytes out. @throws {OutOfBoundsError} */
  read(offset: number | bigint, length: number | bigint): Uint8Array
  /** Copies as many bytes out as `target` holds, and returns it. @throws {OutOfBoundsError} */
  readInto<T extends Bytes>(offset: number | bigint, target: T): T
  /** Copies bytes in. Nothing is written if they do not fit. @throws {OutOfBoundsError} */
  write(offset: number | bigint, source: Bytes): void
  /**
   * Reads a text of so many bytes in UTF-8.
   *
   * @throws {WasmTypeError} if they are not UTF-8, saying where.
   * @throws {OutOfBoundsError}
   */
  readText(offset: number | bigint, length: number | bigint): string
  /**
   * Reads a text in UTF-8 up to its zero byte, which is searched for in `most` bytes, 1 MiB if left out.
   *
   * @throws {OutOfBoundsError} if there is none.
   * @throws {WasmTypeError} as {@link Memory.readText}.
   */
  readCString(offset: number | bigint, most?: number | bigint): string
  /**
   * Writes a text in UTF-8, without a zero byte behind it, and returns how many bytes it has. Nothing is written if they
   * do not fit.
   *
   * @throws {OutOfBoundsError}
   * @throws {WasmTypeError} for half of a surrogate pair.
   */
  writeText(offset: number | bigint, text: string): number
  /** Grows it and returns the former size, both in pages. @throws {MemoryLimitError} */
  grow(pages: number | bigint): number
}

/** References, by index. */
export class Table {
  /** @param type all elements are `init`, or null if it is left out; `is64` gives it indices of 64 bits. */
  constructor(store: Store, type: { element: RefType; min: number | bigint; max?: number | bigint; is64?: boolean; init?: unknown })
  readonly type: TableType
  /** How many elements it has now. */
  readonly size: number
  /** @throws {OutOfBoundsError} */
  get(index: number | bigint): any
  /** @throws {OutOfBoundsError} */
  set(index: number | bigint, value: unknown): void
  /** Grows it, filling with `init` (null if left out), and returns the former size. @throws {LimitError} */
  grow(delta: number | bigint, init?: unknown): number
}

/** One value that JavaScript and guests share. */
export class Global<T = any> {
  /** @param type its content, and whether it can be written (not if left out). */
  constructor(store: Store, type: { content: ValueType; mutable?: boolean }, value: T)
  readonly type: GlobalType
  /** Writing throws {@link WasmTypeError} if it is immutable. */
  value: T
  /** The same, with a float as its bits; see {@link Value}. */
  bits: any
}

/** What tells one sort of exception from another. */
export class Tag {
  /**
   * Makes one that can be lent to modules. Once it was lent or thrown it stays as long as the store.
   * @param params the types of what its exceptions carry.
   */
  constructor(store: Store, params?: readonly ValueType[])
  readonly type: TagType
  /** Whether both are one tag. Holds when the store is closed, too. */
  equals(other: unknown): boolean
}

/**
 * A struct or an array of the guest's heap. It lives as long as JavaScript or the guest holds it. Guests
 * make them; one object may come as several of these, which `equals` each other. A circle through both
 * heaps, such as a struct that holds a value that holds the struct, is let go with the store.
 */
export class GcRef {
  private constructor()
  /** The same as `get` and `set`. */
  [index: number]: any
  readonly sort: 'struct' | 'array'
  readonly type: GcType
  /** How many fields, or elements, it has. @throws {ClosedError} */
  readonly length: number
  /** Reads a field or an element. Packed integers are not negative. @throws {OutOfBoundsError} */
  get(index: number | bigint): any
  /**
   * Writes a field or an element; of a packed integer the low bits.
   *
   * @throws {WasmTypeError} if it is immutable or the value does not fit.
   * @throws {OutOfBoundsError}
   */
  set(index: number | bigint, value: unknown): void
  /** As `get`, with a float as its bits; see {@link Value}. */
  getBits(index: number | bigint): any
  /** As `set`, with a float as its bits. */
  setBits(index: number | bigint, bits: unknown): void
  /** Whether both are one object of the guest's heap. */
  equals(other: unknown): boolean
}

/** A field of a struct, or the elements of an array. */
export interface FieldType {
  /** What it holds; integers may be packed. */
  readonly storage: 'i8' | 'i16' | ValueType
  /** Whether it can be written. */
  readonly mutable: boolean
}

export interface StructType {
  readonly sort: 'struct'
  readonly fields: readonly FieldType[]
  /** Such as `(struct (mut i32) f64)`. */
  toString(): string
}

export interface ArrayType {
  readonly sort: 'array'
  readonly element: FieldType
  /** Such as `(array (mut i8))`. */
  toString(): string
}

/** The type of an object of the guest's heap. */
export type GcType = StructType | ArrayType

/**
 * The host function that runs now, the innermost. Outside of one, all is `undefined`. In one that returned a promise it is
 * there after an `await`, too, as long as the guest waits.
 */
export const context: {
  /** The name the module imports it by, such as `env.log`. */
  readonly name: string | undefined
  /** An export of the instance that called it, such as its memory. */
  export(name: string): Func | Memory | Table | Global | Tag | undefined
}

/** What went wrong, in a word; the same words in every language. */
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

/** One frame of a guest's call stack. Its text is as in stack traces. */
export interface Frame {
  readonly module: string | undefined
  readonly funcIndex: number
  /** Demangled if it is mangled and not long. Names in frames are for reading: long ones are cut. */
  readonly funcName: string | undefined
  /** The offset of the instruction in the module's bytes. */
  readonly moduleOffset: number | undefined
  toString(): string
}

/**
 * The class of all errors of Landbridge, one subclass for each kind. What a host function throws is
 * not wrapped: it arrives as the very value it is.
 *
 * A {@link WasmTypeError} is also a built-in `TypeError`; a {@link WasmRangeError} and an {@link OutOfBoundsError} are also
 * built-in `RangeError`s. Calling a method on an object of another class is a built-in `TypeError`.
 */
export class WasmError extends Error {
  constructor(message?: string, options?: { cause?: unknown; code?: string })
  readonly kind: ErrorKind
  /** Why the guest trapped, if it did: a {@link TrapCode}. Of an {@link IoError} the system's own, such as `ENOENT`. */
  readonly code: string | undefined
  /** The guest's frames, innermost first; they are in `stack` too. */
  readonly frames: readonly Frame[]
  /**
   * What the guest had written last, and was refused, where nobody could see it: to streams that go nowhere. A text for
   * reading, of at most 4 KiB of each stream, and at the end of `stack`; `''` if there is nothing.
   */
  readonly output: string
}

/** The guest frames that any thrown object has passed, innermost first. */
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
 * The `err` of a WIT `result`: what a function of a component gave whose result it is, or what a host function throws to
 * give one.
 *
 * ```js
 * try { shop.total(order) } catch (error) { if (error instanceof WitError) console.log(error.payload) }
 * ```
 */
export class WitError<P = any> extends WasmError {
  /** `payload` is what the `err` holds, if anything; it is what the host function's type says. */
  constructor(payload?: P, options?: { cause?: unknown })
  readonly payload: P
}

/** The guest trapped; `code` says why. */
export class Trap extends WasmError {
  readonly code: TrapCode
}
/**
 * The guest ended itself with an exit code; {@link Instance.run} gives that of a program. A host function that throws one
 * ends the guest that called it as WASI does, with this code.
 */
export class ExitError extends WasmError {
  /**
   * @throws {WasmTypeError} if the code is no whole number.
   * @throws {WasmRangeError} if it has more than 32 bits. One from 2^31 on is read back signed.
   */
  constructor(message?: string, options?: { cause?: unknown; exitCode?: number })
  /** Of one that was made without a code it is `undefined`, and no exit. */
  readonly exitCode: number
}
/** A file could not be read or written. What the operating system refused is told as the errors of `node:fs` tell it. */
export class IoError extends WasmError {
  constructor(message?: string, options?: { cause?: unknown; code?: string; osCode?: number; path?: string })
  /** Such as `ENOENT`. */
  readonly code: string | undefined
  /** The number of `code`, negative, as in `util.getSystemErrorMap()`. */
  readonly errno: number | undefined
  /** The file or folder, as it was given. */
  readonly path: string | undefined
}

/**
 * An exception of WebAssembly: a guest threw it and no guest caught it, or a program makes one. A host
 * function throws it like any error, and guests can catch it by its tag; if none does, the very same
 * object arrives. It is also the value of an `exnref`. Other errors are not caught by guests.
 */
export class TaggedException extends WasmError {
  /**
   * @param payload values of the tag's types.
   * @throws {WasmTypeError} if the payload does not fit the tag.
   */
  constructor(tag: Tag, payload?: readonly unknown[])
  /** The same, from a payload that has floats as their bits; see {@link Value}. */
  static fromBits(tag: Tag, payload: readonly unknown[]): TaggedException
  readonly tag: Tag
  /** What it carries; frozen. Of one that was thrown it is there when the store is closed, too. */
  readonly payload: readonly any[]
  /** The same, with floats as their bits. */
  readonly bits: any[]
  /** Whether both are one exception of the guest's heap. */
  equals(other: unknown): boolean
}
