// The CommonJS objects under their names, so that a program has one Landbridge however it imports it.
import landbridge from './index.js'

export const {
  version, errorKinds, trapCodes, valueTypes, askNames,
  load, loadAsync, run, runAsync, inspect, context, bits,
  Engine, Module, Policy, Limits, Store, Instance, Pool, Func, Memory, Table, Global, Tag, GcRef,
  WitFunc, WitFuncType, WitType, WitResource,
  framesOf, rowOf, WasmError,
  // generated: node.error_exports
  CompileError, LinkError, Trap, HostError, WasmTypeError, WasmRangeError, NotFoundError, OutOfBoundsError, ClosedError,
  WrongStoreError, BusyError, DeadlockError, PoisonedError, CancelledError, TimeoutError, FuelError, MemoryLimitError,
  LimitError, ExitError, DeniedError, IoError, UnsupportedError, InternalError, TaggedException, WitError,
  // end generated
} = landbridge
