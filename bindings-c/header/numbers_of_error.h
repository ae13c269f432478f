// generated: c.kinds
/// Kinds of errors. Numbers and names are the same in every host language.
enum {
  /// The bytes are not a valid module, or use a feature that is off.
  LB_KIND_COMPILE = 1,
  /// An import is missing or does not have the type that the module needs.
  LB_KIND_LINK = 2,
  /// The guest trapped; lb_error_trap_code() says why.
  LB_KIND_TRAP = 3,
  /// A host function failed; the error holds the host's own exception.
  LB_KIND_HOST = 4,
  /// A value of the wrong type, or the wrong number of them.
  LB_KIND_TYPE = 5,
  /// A number that does not fit the type it is meant for.
  LB_KIND_RANGE = 6,
  /// No export has this name, or it is of another sort, such as a memory instead of a function.
  LB_KIND_NOT_FOUND = 7,
  /// An access outside of a memory or a table, made by the program.
  LB_KIND_OUT_OF_BOUNDS = 8,
  /// The object was closed.
  LB_KIND_CLOSED = 9,
  /// The object belongs to another store or engine.
  LB_KIND_WRONG_STORE = 10,
  /// The store is in use and this thread must not wait for it, or all instances of a pool are
  /// taken.
  LB_KIND_BUSY = 11,
  /// Waiting for the store would never end: threads would wait for each other in a circle.
  LB_KIND_DEADLOCK = 12,
  /// An earlier interruption or panic left the store in an unknown state; instantiate the module
  /// again.
  LB_KIND_POISONED = 13,
  /// The call was cancelled, as by lb_store_cancel(); its store cannot be used afterwards.
  LB_KIND_CANCELLED = 14,
  /// The call's deadline passed, see timeout_ms of lb_limits_t; its store cannot be used
  /// afterwards.
  LB_KIND_TIMEOUT = 15,
  /// The store's fuel is used up, see fuel of lb_limits_t; the store cannot be used afterwards.
  LB_KIND_FUEL = 16,
  /// The memories cannot become that large: their limit is reached, see memory_bytes of
  /// lb_limits_t, or the machine has no more memory.
  LB_KIND_MEMORY_LIMIT = 17,
  /// Another limit was reached, such as that of tables, instances, output or compiling; the message
  /// names it.
  LB_KIND_LIMIT = 18,
  /// The guest ended itself with an exit code.
  LB_KIND_EXIT = 19,
  /// The store's policy does not grant this.
  LB_KIND_DENIED = 20,
  /// A file could not be read or written.
  LB_KIND_IO = 21,
  /// The engine cannot do this, or was built without it; the message says what to do instead.
  LB_KIND_UNSUPPORTED = 22,
  /// A defect in Landbridge, or a panic in a host function.
  LB_KIND_INTERNAL = 23,
  /// An exception of WebAssembly was thrown and not caught; see lb_error_exception().
  LB_KIND_EXCEPTION = 24,
  /// The err of a WIT result: what a function of a component returned, or what a host function
  /// returns to one.
  LB_KIND_WIT = 25,
};
// end generated

// generated: c.traps
/// Why a guest trapped.
enum {
  /// The unreachable instruction was executed.
  LB_TRAP_UNREACHABLE = 1,
  /// A load or store outside of linear memory.
  LB_TRAP_MEMORY_OUT_OF_BOUNDS = 2,
  /// An access outside of a table.
  LB_TRAP_TABLE_OUT_OF_BOUNDS = 3,
  /// An indirect call through an empty table element.
  LB_TRAP_INDIRECT_CALL_TO_NULL = 4,
  /// An indirect call of a function with another signature.
  LB_TRAP_BAD_SIGNATURE = 5,
  /// An integer operation overflowed.
  LB_TRAP_INTEGER_OVERFLOW = 6,
  /// An integer was divided by zero.
  LB_TRAP_INTEGER_DIVISION_BY_ZERO = 7,
  /// A float that no integer can hold was converted to one.
  LB_TRAP_BAD_CONVERSION_TO_INTEGER = 8,
  /// The call stack is exhausted.
  LB_TRAP_STACK_OVERFLOW = 9,
  /// An atomic access was not aligned.
  LB_TRAP_HEAP_MISALIGNED = 10,
  /// A null reference was used.
  LB_TRAP_NULL_REFERENCE = 11,
  /// An access outside of a GC array.
  LB_TRAP_ARRAY_OUT_OF_BOUNDS = 12,
  /// A GC allocation was too large.
  LB_TRAP_ALLOCATION_TOO_LARGE = 13,
  /// A reference was cast to a type it does not have.
  LB_TRAP_CAST_FAILURE = 14,
  /// The guest was interrupted.
  LB_TRAP_INTERRUPT = 15,
  /// Fuel ran out.
  LB_TRAP_OUT_OF_FUEL = 16,
  /// Any other trap of the engine; the message says which.
  LB_TRAP_OTHER = 17,
};
// end generated
