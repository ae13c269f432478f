// landbridge.h - load WebAssembly modules and call them, from C and from every language that can call C.
//
//     lb_module_t module; lb_instance_t calc; lb_func_t add;
//     lb_error_t *err = lb_module_load_file(NULL, "calc.wasm", &module);
//     if (!err) err = lb_instance_new(module, NULL, &calc);
//     if (!err) err = lb_instance_func(calc, "add", &add);
//     lb_value_t args[2] = { LB_I32(2), LB_I32(3) }, result[1];
//     if (!err) err = lb_func_call(add, args, 2, result, 1);
//     if (err) {
//       fprintf(stderr, "%s: %s\n", lb_error_kind_name(err), lb_error_message(err));
//       lb_error_free(err);
//     }
//
// What is true of all functions:
//
// - A function that can fail returns an error or NULL; see "Errors". Its out parameters, which come
//   last, are zero then, unless said otherwise.
// - Objects are handles; see "Objects". What a function hands out is the caller's to release.
// - Texts are UTF-8 and end with a zero byte. What is passed in is copied if it is needed later. A zero byte
//   inside of a name, which WebAssembly allows, is written as the two bytes 0xC0 0x80, in both directions.
// - Sizes, offsets and lengths are in bytes, sizes of memories also in pages of 64 KiB.
// - Every function may be called from every thread, at any time, also from a host function.
// - A thread must not end inside of these functions, nor inside of what they call: by pthread_exit, by
//   pthread_cancel, by a C++ exception or by longjmp. The process ends then. Around calls on a thread that may
//   be cancelled, switch that off with pthread_setcancelstate.
// - Coroutines with a stack of their own may call if the stack has a guard page. While a host function has not
//   returned, the other coroutines of its thread get LB_KIND_BUSY from every function that enters a store.
// - Misuse is an ordinary error: NULL where an object is needed (LB_KIND_TYPE), a stale or made-up
//   handle, a wrong type or number of values. C cannot check two things, so you must: that a
//   pointer leads to as many elements as you say, and that an lb_error_t is freed once.
//
// C++ programs may prefer landbridge.hpp, which is built on this header.
//
// Generated from the sources by `make header`; do not edit.

#ifndef LANDBRIDGE_H
#define LANDBRIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// The version of this header, for the preprocessor: 1000000 for each major version, 1000 for each minor one,
/// and the patch. lb_version() tells that of the library that is loaded.
#define LB_VERSION 1000
#define LB_VERSION_STRING "0.1.0"

/// The result must be looked at.
#if defined(__cplusplus) && __cplusplus >= 201703L
#define LB_MUST_USE [[nodiscard]]
#elif defined(__GNUC__)
#define LB_MUST_USE __attribute__((warn_unused_result))
#else
#define LB_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// The version of the ABI that this header describes. It grows when something is added; what is
/// there stays as it is. A program may ask lb_abi_version() for the library's.
#define LB_ABI_VERSION 1

/// The version of the ABI of the library that is loaded. It serves every program that was compiled
/// with a header of the same or a lower LB_ABI_VERSION.
uint32_t lb_abi_version(void);

/// The version of the library that is loaded, such as "0.1.0". Static: never free it.
const char *lb_version(void);

// ------------------------------------------------------------------------------------------------
//
// Errors
//
// Functions that can fail return an lb_error_t pointer: NULL if all went well, else an error that
// is the caller's, to be freed with lb_error_free(). An error is complete in itself: it holds the
// kind, the message, the trap code, the guest's frames and the host's own exception. It may be
// read from several threads, and outlives the objects it speaks of. Only the error for releasing what
// was closed or released before need not be freed: there is one for each sort of object.
//
// All readers below take NULL too and then answer 0, "" or NULL.

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

/// An error. Opaque; read it with the functions below.
typedef struct lb_error_t lb_error_t;

/// One of the LB_KIND_ numbers.
typedef uint32_t lb_kind_t;

/// One of the LB_TRAP_ numbers; 0 if there was no trap.
typedef uint32_t lb_trap_t;

/// One frame of the guest's call stack.
typedef struct lb_frame_t {
  /// The module's name, or NULL if it has none. Names in frames are for reading: long ones are cut,
  /// control characters are written out.
  const char *module;
  /// The function's name, or NULL if the module has none for it; demangled if it is mangled and not
  /// long.
  const char *func_name;
  /// The function's index in its module.
  uint32_t func_index;
  /// The offset of the instruction in the module's bytes, or -1 if it is not known.
  int64_t module_offset;
} lb_frame_t;

/// Frees what a data pointer leads to. Called once, when nothing uses the data any more, on the thread that
/// used it last; must not unwind or jump. It may call everything of this library, also the store that used
/// the data, if that is not closed.
///
/// While a guest's collector runs, nothing is dropped. What it collected is dropped when a host function
/// returns to the guest, when the outermost call is over, or with the store. If such a drop makes more
/// garbage, that goes the next time.
typedef void (*lb_drop_t)(void *data);

/// The name of a kind, such as "not_found"; "" if there is none of this number. Static.
const char *lb_kind_name(lb_kind_t kind);

/// The name of a trap code, such as "unreachable"; "" if there is none of this number. Static.
const char *lb_trap_name(lb_trap_t code);

/// The name of a type, such as "i32"; "" if there is none of this number. Static.
const char *lb_type_name(uint32_t type);

/// What went wrong: one of the LB_KIND_ numbers.
lb_kind_t lb_error_kind(const struct lb_error_t *error);

/// The name of the error's kind, such as "trap". Static: never free it.
const char *lb_error_kind_name(const struct lb_error_t *error);

/// Why the guest trapped: one of the LB_TRAP_ numbers, or 0 if it did not. The error of a limit has one
/// too if the guest trapped because of the limit.
lb_trap_t lb_error_trap_code(const struct lb_error_t *error);

/// The exit code of a guest that ended itself; 0 also if the error is not of LB_KIND_EXIT.
int32_t lb_error_exit_code(const struct lb_error_t *error);

/// The row of the batch that the error came from, the first of which is 0; the results of the rows before it are written. -1
/// if no row was begun, or no function was mapped.
int64_t lb_error_row(const struct lb_error_t *error);

/// The number that the operating system gave if it refused something, such as a file that is not there:
/// errno, or on Windows what GetLastError() says. 0 if there is none.
int32_t lb_error_os_code(const struct lb_error_t *error);

/// The file or folder that the operating system refused, as it was given, or NULL. Lives as long as the
/// error.
const char *lb_error_path(const struct lb_error_t *error);

/// The name of the trap code, such as "unreachable", or "" if the error is no trap. Static.
const char *lb_error_trap_name(const struct lb_error_t *error);

/// What was wrong, in a sentence. It is for reading: what is over 8 KiB is left out, and control
/// characters but newlines and tabs are written out. Lives as long as the error.
const char *lb_error_message(const struct lb_error_t *error);

/// The last that the guest wrote to streams that are discarded (LB_STREAM_NONE), and the last that WASI refused
/// it, if such lines are discarded too. A text for people, of at most 4 KiB of each stream; "" if there is
/// nothing. Lives as long as the error.
const char *lb_error_output(const struct lb_error_t *error);

/// How many frames the guest's call stack had; 0 if no guest was running.
size_t lb_error_frame_count(const struct lb_error_t *error);

/// A frame of the guest's call stack, 0 being the innermost, or NULL if there is none of this
/// index. Lives as long as the error.
const struct lb_frame_t *lb_error_frame(const struct lb_error_t *error, size_t index);

/// The data pointer that a host function put into the error (see lb_error_host()), the very same,
/// or NULL. It belongs to the error.
void *lb_error_host_exception(const struct lb_error_t *error);

/// The drop function that came with lb_error_host_exception(), or NULL. Compare it with your own
/// to know whether the data pointer is yours.
lb_drop_t lb_error_host_drop(const struct lb_error_t *error);

/// Makes an error, for a host function to return. message (or NULL) is copied. The caller owns the error until
/// it is returned. A number that is no kind gives LB_KIND_HOST. For LB_KIND_EXIT there is lb_error_exit(), since
/// an exit has a code.
struct lb_error_t *lb_error_new(lb_kind_t kind,
                                const char *message);

/// Makes the error of a guest that ended itself with a code, of LB_KIND_EXIT. A host function that
/// returns it ends the guest that called it as WASI does. The caller owns it until it is returned.
struct lb_error_t *lb_error_exit(int32_t code);

/// Makes the error for a host function that failed, of LB_KIND_HOST, with a data pointer that comes
/// out of the outermost call as the same pointer, however many calls are in between. message (or NULL) is
/// copied; drop (or NULL) is called with data once nobody needs it any more.
struct lb_error_t *lb_error_host(const char *message,
                                 void *data,
                                 lb_drop_t drop);

/// Puts a data pointer into an error of any kind, in place of one that it may have, and returns the
/// error. For languages above C that let an error pass as an object of theirs.
struct lb_error_t *lb_error_attach(struct lb_error_t *error, void *data, lb_drop_t drop);

/// A second error that says the same and shares the data pointer, or NULL for NULL. The caller owns
/// it.
struct lb_error_t *lb_error_clone(const struct lb_error_t *error);

/// Frees an error. NULL is ignored. Free each error once.
void lb_error_free(struct lb_error_t *error);

/// Compares this header with the library that is loaded; call it once, when your program starts. An older library
/// lacks what this header declares.
///
/// Errors: LB_KIND_UNSUPPORTED if the library is older than LB_ABI_VERSION.
LB_MUST_USE
static inline lb_error_t *lb_check_version(void) {
  if (lb_abi_version() >= LB_ABI_VERSION) return NULL;
  return lb_error_new(LB_KIND_UNSUPPORTED,
                      "this program was compiled with landbridge.h " LB_VERSION_STRING
                      ", and the library that is loaded is older: install landbridge " LB_VERSION_STRING " or later");
}

// ------------------------------------------------------------------------------------------------
//
// Types of imports, exports and objects
//
// Pointers in these structs live as long as the handle of the object that you asked. Each type has
// a text as well, which error messages use, such as "(i32, i64) -> (f32)".

/// The types of values.
enum {
  /// 32-bit integer, without a sign of its own.
  LB_TYPE_I32 = 1,
  /// 64-bit integer, without a sign of its own.
  LB_TYPE_I64 = 2,
  /// 32-bit IEEE 754 float; all bits of a NaN are kept.
  LB_TYPE_F32 = 3,
  /// 64-bit IEEE 754 float; all bits of a NaN are kept.
  LB_TYPE_F64 = 4,
  /// 128-bit vector.
  LB_TYPE_V128 = 5,
  /// A function or null.
  LB_TYPE_FUNCREF = 6,
  /// Any object of the host, or null.
  LB_TYPE_EXTERNREF = 7,
  /// Anything of the guest's garbage-collected heap, a small integer, or a host object; or null.
  LB_TYPE_ANYREF = 8,
  /// What ref.eq can compare: a struct, an array or a small integer; or null.
  LB_TYPE_EQREF = 9,
  /// An integer of 31 bits, or null.
  LB_TYPE_I31REF = 10,
  /// A struct of the guest's heap, or null.
  LB_TYPE_STRUCTREF = 11,
  /// An array of the guest's heap, or null.
  LB_TYPE_ARRAYREF = 12,
  /// An exception, or null.
  LB_TYPE_EXNREF = 13,
  /// Only the null of anyref and its kin.
  LB_TYPE_NULLREF = 14,
  /// Only the null of funcref.
  LB_TYPE_NULLFUNCREF = 15,
  /// Only the null of externref.
  LB_TYPE_NULLEXTERNREF = 16,
  /// Only the null of exnref.
  LB_TYPE_NULLEXNREF = 17,
};

/// In place of a maximum where there is none.
#define LB_NO_MAX UINT64_MAX

/// One of the LB_TYPE_ numbers.
typedef uint32_t lb_type_t;

/// The signature of a function.
typedef struct lb_func_type_t {
  /// The types of the parameters, LB_TYPE_ numbers.
  const lb_type_t *params;
  /// How many there are.
  size_t nparams;
  /// The types of the results.
  const lb_type_t *results;
  /// How many there are.
  size_t nresults;
} lb_func_type_t;

/// The type of a linear memory.
typedef struct lb_memory_type_t {
  /// Pages at the start.
  uint64_t min;
  /// Pages it may grow to, or LB_NO_MAX.
  uint64_t max;
  /// Bytes in a page: 65536, for which 0 may be written, unless the module chose 1.
  uint64_t page_bytes;
  /// Whether addresses have 64 bits.
  bool is_64;
} lb_memory_type_t;

/// The type of a table.
typedef struct lb_table_type_t {
  /// Elements at the start.
  uint64_t min;
  /// Elements it may grow to, or LB_NO_MAX.
  uint64_t max;
  /// The type of its elements, a reference.
  lb_type_t element;
  /// Whether indices have 64 bits.
  bool is_64;
} lb_table_type_t;

/// The type of a global.
typedef struct lb_global_type_t {
  /// The type of its value.
  lb_type_t content;
  /// Whether it can be written.
  bool is_mutable;
} lb_global_type_t;

/// What an import or export is: one of the LB_SORT_ numbers.
typedef uint32_t lb_sort_t;

/// The type in a lb_extern_type_t; the sort says which.
typedef union lb_extern_type_of_t {
  /// LB_SORT_FUNC, and LB_SORT_TAG with the payload as its parameters
  struct lb_func_type_t func;
  /// LB_SORT_MEMORY
  struct lb_memory_type_t memory;
  /// LB_SORT_TABLE
  struct lb_table_type_t table;
  /// LB_SORT_GLOBAL
  struct lb_global_type_t global;
} lb_extern_type_of_t;

/// The type of an import or export.
typedef struct lb_extern_type_t {
  /// One of the LB_SORT_ numbers.
  lb_sort_t sort;
  /// The type of that sort.
  union lb_extern_type_of_t of;
} lb_extern_type_t;

/// A field of a struct, or what the elements of an array are.
typedef struct lb_field_type_t {
  /// The type of the values that are read and written.
  lb_type_t type;
  /// 8 or 16 if only so many bits of an i32 are stored, which are read without a sign; else 0.
  uint8_t packed_bits;
  /// Whether it can be written.
  bool is_mutable;
} lb_field_type_t;

/// The type of a struct or of an array.
typedef struct lb_gc_type_t {
  /// LB_TYPE_STRUCTREF or LB_TYPE_ARRAYREF.
  lb_type_t sort;
  /// The fields of a struct; of an array, the one type of all its elements.
  const struct lb_field_type_t *fields;
  /// How many types there are.
  size_t nfields;
} lb_gc_type_t;

/// A function.
#define LB_SORT_FUNC 1

/// A linear memory.
#define LB_SORT_MEMORY 2

/// A table.
#define LB_SORT_TABLE 3

/// A global.
#define LB_SORT_GLOBAL 4

/// An exception tag.
#define LB_SORT_TAG 5

/// The widest type whose values can meet those of a type: its own for a number or vector, else one
/// of LB_TYPE_FUNCREF, LB_TYPE_EXTERNREF, LB_TYPE_ANYREF and LB_TYPE_EXNREF; 0 if there is no type
/// of this number.
lb_type_t lb_type_top(lb_type_t type);

/// Writes a type's text, such as "(i32) -> ()", to a buffer of size bytes, cut short and ended by a
/// zero byte as snprintf does, and returns the whole length without the zero byte.
size_t lb_func_type_text(const struct lb_func_type_t *type, char *text, size_t size);

/// The same for a memory's type, such as "memory 1 2".
size_t lb_memory_type_text(const struct lb_memory_type_t *type, char *text, size_t size);

/// The same for a table's type, such as "table 1 funcref".
size_t lb_table_type_text(const struct lb_table_type_t *type, char *text, size_t size);

/// The same for a global's type, such as "global (mut i32)".
size_t lb_global_type_text(const struct lb_global_type_t *type, char *text, size_t size);

/// The same for the type of an import or export, such as "func (i32) -> ()".
size_t lb_extern_type_text(const struct lb_extern_type_t *type, char *text, size_t size);

// ------------------------------------------------------------------------------------------------
//
// Objects
//
// The program holds objects by handles: small structs that are copied freely and never lead to
// freed memory. Each handle that a function hands out is the caller's, who gives it up once:
//
// - lb_..._release() gives the handle up and nothing else. What was made from the object lives on and
//   keeps what it needs alive, so any order of releasing is right.
// - lb_instance_close() and lb_store_close() give the handle up too, and end the object: everything
//   in it answers LB_KIND_CLOSED from then on, and its memory is freed.
// - lb_pool_close() ends a pool and keeps the handle.
//
// To use a handle that was given up, was never handed out or is of another kind is an ordinary error:
// LB_KIND_CLOSED or LB_KIND_TYPE. So is the handle 0, which stands for no object.

/// A function, of a guest or of the host.
typedef struct lb_func_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_func_t;

/// A linear memory.
typedef struct lb_memory_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_memory_t;

/// References by index.
typedef struct lb_table_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_table_t;

/// One value that host and guests share.
typedef struct lb_global_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_global_t;

/// What tells one sort of exception from another.
typedef struct lb_tag_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_tag_t;

/// The handle in a lb_extern_t; the sort says which.
typedef union lb_extern_handle_t {
  /// LB_SORT_FUNC
  struct lb_func_t func;
  /// LB_SORT_MEMORY
  struct lb_memory_t memory;
  /// LB_SORT_TABLE
  struct lb_table_t table;
  /// LB_SORT_GLOBAL
  struct lb_global_t global;
  /// LB_SORT_TAG
  struct lb_tag_t tag;
} lb_extern_handle_t;

/// Something that a module exports or an import takes: a handle with its sort.
typedef struct lb_extern_t {
  /// One of the LB_SORT_ numbers.
  lb_sort_t sort;
  /// The handle.
  union lb_extern_handle_t of;
} lb_extern_t;

/// Compiles modules and keeps time.
typedef struct lb_engine_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_engine_t;

/// Compiled code, ready to be instantiated any number of times.
typedef struct lb_module_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_module_t;

/// What modules may import.
typedef struct lb_imports_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_imports_t;

/// A module at work, with its exports.
typedef struct lb_instance_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_instance_t;

/// A sandbox; what shares memories and functions lives in one.
typedef struct lb_store_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_store_t;

/// An object of the program's that guests may hold, pass on and give back, but not look into.
typedef struct lb_externref_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_externref_t;

/// An exception that a guest or the program threw, or may throw.
typedef struct lb_exception_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_exception_t;

/// A struct or an array of the guest's heap.
typedef struct lb_gcref_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_gcref_t;

/// A call on a thread of the library's.
typedef struct lb_call_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_call_t;

/// A host function that another thread answers for.
typedef struct lb_loan_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_loan_t;

/// A module that is loaded on a thread of the library's.
typedef struct lb_load_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_load_t;

/// Instances of one module for callers that run in parallel.
typedef struct lb_pool_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_pool_t;

/// What a module is and will ask for, told without compiling it.
typedef struct lb_inspection_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_inspection_t;

/// What guests may touch.
typedef struct lb_policy_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_policy_t;

/// A function that a component exports.
typedef struct lb_wit_func_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_wit_func_t;

/// A call of a component on a thread of the library's.
typedef struct lb_wit_call_t {
  /// The number of the handle; 0 for none.
  uint64_t id;
} lb_wit_call_t;

/// Releases the handle in it, as the release function of its sort does.
lb_error_t *lb_extern_release(struct lb_extern_t item);

// A lb_extern_t of a handle.
static inline lb_extern_t lb_extern_func(lb_func_t func) {
  lb_extern_t item = { LB_SORT_FUNC, { { 0 } } };
  item.of.func = func;
  return item;
}

static inline lb_extern_t lb_extern_memory(lb_memory_t memory) {
  lb_extern_t item = { LB_SORT_MEMORY, { { 0 } } };
  item.of.memory = memory;
  return item;
}

static inline lb_extern_t lb_extern_table(lb_table_t table) {
  lb_extern_t item = { LB_SORT_TABLE, { { 0 } } };
  item.of.table = table;
  return item;
}

static inline lb_extern_t lb_extern_tag(lb_tag_t tag) {
  lb_extern_t item = { LB_SORT_TAG, { { 0 } } };
  item.of.tag = tag;
  return item;
}

static inline lb_extern_t lb_extern_global(lb_global_t global) {
  lb_extern_t item = { LB_SORT_GLOBAL, { { 0 } } };
  item.of.global = global;
  return item;
}

// ------------------------------------------------------------------------------------------------
//
// Types and values
//
// A value is a type and a union of what it may hold. Write LB_I32(2) in an initialiser and lb_i32(2)
// in an expression; so it is for every type.
//
// References are handles. Arguments are borrowed: who passes a reference still owns it. Results are
// owned: who receives a reference releases it, with lb_value_release() or the release function of
// its kind. The handle 0 is the null reference.
//
// What an anyref is, the value's type says: LB_TYPE_I31REF is a small integer, LB_TYPE_STRUCTREF
// and LB_TYPE_ARRAYREF are objects of the guest's heap, LB_TYPE_ANYREF is null or an object of the
// program's. Each of them goes where a parameter is an anyref or of a narrower type; what does not
// fit the parameter is an error. A value of LB_TYPE_EQREF or of a LB_TYPE_NULL...REF can only be
// null.

/// A 128-bit vector: its bytes in the order they have in memory, lane 0 first.
typedef struct lb_v128_t {
  /// The bytes.
  uint8_t bytes[16];
} lb_v128_t;

/// What a value holds; the value's type says which.
typedef union lb_bits_t {
  /// LB_TYPE_I32, and LB_TYPE_I31REF: from -1073741824 to 1073741823, never null
  int32_t i32;
  /// LB_TYPE_I64
  int64_t i64;
  /// LB_TYPE_F32; all bits of a NaN are kept
  float f32;
  /// LB_TYPE_F64; all bits of a NaN are kept
  double f64;
  /// LB_TYPE_V128
  struct lb_v128_t v128;
  /// LB_TYPE_FUNCREF; a null reference has the id 0
  lb_func_t func;
  /// LB_TYPE_EXTERNREF, and LB_TYPE_ANYREF for an object of the program's; a null reference has
  /// the id 0
  lb_externref_t externref;
  /// LB_TYPE_STRUCTREF, LB_TYPE_ARRAYREF; a null reference has the id 0
  lb_gcref_t gcref;
  /// LB_TYPE_EXNREF; a null reference has the id 0
  lb_exception_t exception;
} lb_bits_t;

/// A value: an argument, a result, or what a global or a table's element holds.
typedef struct lb_value_t {
  /// One of the LB_TYPE_ numbers.
  lb_type_t type;
  /// What it holds.
  union lb_bits_t of;
} lb_value_t;

/// Releases the reference that a value holds, if it holds one, and makes it null. Numbers are left
/// as they are. NULL is ignored.
///
/// Errors: LB_KIND_CLOSED if the reference was released before.
lb_error_t *lb_value_release(struct lb_value_t *value);

/// Copies a value: what it refers to gets a second handle, for instance where a host function
/// borrowed it and wants to keep it. The caller releases the copy.
///
/// Errors: LB_KIND_CLOSED if the reference was released, LB_KIND_TYPE if the value is none.
LB_MUST_USE
lb_error_t *lb_value_clone(struct lb_value_t value, struct lb_value_t *clone);

/// Makes a reference to an object of the program's, for guests to hold. drop (or NULL) is called
/// with data once neither the program nor a guest holds the reference any more; it is called in any
/// case, at once if this function fails. The caller releases the handle.
LB_MUST_USE
lb_error_t *lb_externref_new(void *data, lb_drop_t drop, lb_externref_t *externref);

/// The data pointer of a reference: the very one that it was made with, so that comparing pointers
/// tells whether two references are to the same object. drop may be NULL; if not, it receives
/// the drop function, by which you may know whether the pointer is yours.
///
/// Errors: LB_KIND_CLOSED if the reference was released, LB_KIND_TYPE if it is to something of the
/// guest's heap, see lb_externref_any().
LB_MUST_USE
lb_error_t *lb_externref_data(lb_externref_t externref, lb_drop_t *drop, void **data);

/// What the guest made an externref of, where that is of its own heap (extern.convert_any does
/// that): a value of LB_TYPE_I31REF, LB_TYPE_STRUCTREF or LB_TYPE_ARRAYREF, whose reference the
/// caller releases. A null of LB_TYPE_ANYREF for an object of the program's.
///
/// Errors: LB_KIND_CLOSED if the reference was released.
LB_MUST_USE
lb_error_t *lb_externref_any(lb_externref_t externref, struct lb_value_t *value);

/// Makes an externref of a value that an anyref may be, as extern.convert_any does: a guest can
/// turn it back. The caller keeps the reference in value, and releases the handle, which is 0 for
/// null.
///
/// Errors: LB_KIND_TYPE if value is of another type, LB_KIND_CLOSED if its reference was released.
LB_MUST_USE
lb_error_t *lb_externref_from_any(struct lb_value_t value, lb_externref_t *externref);

/// Whether two handles are of one object. False if either is no handle of an externref.
bool lb_externref_same(lb_externref_t externref, lb_externref_t other);

/// A second handle of the same object, for instance of one that a host function borrowed and wants
/// to keep. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the reference was released.
LB_MUST_USE
lb_error_t *lb_externref_clone(lb_externref_t externref, lb_externref_t *clone);

/// Releases the handle. Guests that hold the object keep it.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_externref_release(lb_externref_t externref);

// A value of each type, as an expression.
static inline lb_value_t lb_i32(int32_t i32) {
  lb_value_t value = { LB_TYPE_I32, { 0 } };
  value.of.i32 = i32;
  return value;
}

static inline lb_value_t lb_i64(int64_t i64) {
  lb_value_t value = { LB_TYPE_I64, { 0 } };
  value.of.i64 = i64;
  return value;
}

static inline lb_value_t lb_f32(float f32) {
  lb_value_t value = { LB_TYPE_F32, { 0 } };
  value.of.f32 = f32;
  return value;
}

static inline lb_value_t lb_f64(double f64) {
  lb_value_t value = { LB_TYPE_F64, { 0 } };
  value.of.f64 = f64;
  return value;
}

static inline lb_value_t lb_v128(lb_v128_t v128) {
  lb_value_t value = { LB_TYPE_V128, { 0 } };
  value.of.v128 = v128;
  return value;
}

static inline lb_value_t lb_funcref(lb_func_t func) {
  lb_value_t value = { LB_TYPE_FUNCREF, { 0 } };
  value.of.func = func;
  return value;
}

static inline lb_value_t lb_externref(lb_externref_t externref) {
  lb_value_t value = { LB_TYPE_EXTERNREF, { 0 } };
  value.of.externref = externref;
  return value;
}

static inline lb_value_t lb_i31ref(int32_t i32) {
  lb_value_t value = { LB_TYPE_I31REF, { 0 } };
  value.of.i32 = i32;
  return value;
}

static inline lb_value_t lb_anyref(lb_externref_t externref) {
  lb_value_t value = { LB_TYPE_ANYREF, { 0 } };
  value.of.externref = externref;
  return value;
}

static inline lb_value_t lb_structref(lb_gcref_t gcref) {
  lb_value_t value = { LB_TYPE_STRUCTREF, { 0 } };
  value.of.gcref = gcref;
  return value;
}

static inline lb_value_t lb_arrayref(lb_gcref_t gcref) {
  lb_value_t value = { LB_TYPE_ARRAYREF, { 0 } };
  value.of.gcref = gcref;
  return value;
}

static inline lb_value_t lb_exnref(lb_exception_t exception) {
  lb_value_t value = { LB_TYPE_EXNREF, { 0 } };
  value.of.exception = exception;
  return value;
}

// The same in initialisers: lb_value_t args[2] = { LB_I32(2), LB_F64(0.5) };
// LB_V128 takes the 16 bytes, lane 0 first. The null references are LB_NULL_FUNCREF, LB_NULL_EXTERNREF,
// LB_NULL_ANYREF and LB_NULL_EXNREF.
#ifdef __cplusplus
#define LB_I32(value) lb_i32(value)
#define LB_I64(value) lb_i64(value)
#define LB_F32(value) lb_f32(value)
#define LB_F64(value) lb_f64(value)
#define LB_V128(...) lb_v128(lb_v128_t{{__VA_ARGS__}})
#define LB_FUNCREF(value) lb_funcref(value)
#define LB_EXTERNREF(value) lb_externref(value)
#define LB_I31REF(value) lb_i31ref(value)
#define LB_ANYREF(value) lb_anyref(value)
#define LB_STRUCTREF(value) lb_structref(value)
#define LB_ARRAYREF(value) lb_arrayref(value)
#define LB_EXNREF(value) lb_exnref(value)
#define LB_NULL_FUNCREF lb_funcref(lb_func_t{0})
#define LB_NULL_EXTERNREF lb_externref(lb_externref_t{0})
#define LB_NULL_ANYREF lb_anyref(lb_externref_t{0})
#define LB_NULL_EXNREF lb_exnref(lb_exception_t{0})
#else
#define LB_I32(value) { LB_TYPE_I32, { .i32 = (value) } }
#define LB_I64(value) { LB_TYPE_I64, { .i64 = (value) } }
#define LB_F32(value) { LB_TYPE_F32, { .f32 = (value) } }
#define LB_F64(value) { LB_TYPE_F64, { .f64 = (value) } }
#define LB_V128(...) { LB_TYPE_V128, { .v128 = { { __VA_ARGS__ } } } }
#define LB_FUNCREF(value) { LB_TYPE_FUNCREF, { .func = (value) } }
#define LB_EXTERNREF(value) { LB_TYPE_EXTERNREF, { .externref = (value) } }
#define LB_I31REF(value) { LB_TYPE_I31REF, { .i32 = (value) } }
#define LB_ANYREF(value) { LB_TYPE_ANYREF, { .externref = (value) } }
#define LB_STRUCTREF(value) { LB_TYPE_STRUCTREF, { .gcref = (value) } }
#define LB_ARRAYREF(value) { LB_TYPE_ARRAYREF, { .gcref = (value) } }
#define LB_EXNREF(value) { LB_TYPE_EXNREF, { .exception = (value) } }
#define LB_NULL_FUNCREF { LB_TYPE_FUNCREF, { .func = { 0 } } }
#define LB_NULL_EXTERNREF { LB_TYPE_EXTERNREF, { .externref = { 0 } } }
#define LB_NULL_ANYREF { LB_TYPE_ANYREF, { .externref = { 0 } } }
#define LB_NULL_EXNREF { LB_TYPE_EXNREF, { .exception = { 0 } } }
#endif

// Vectors by their lanes, lane 0 first: lb_v128_f32x4() makes one of an array of lanes, and lb_v128_f32x4_lane() reads a
// lane, whose number counts modulo that of all lanes. So it is for each shape.
#define LB_LANES(shape, type, count)                                       \
  static inline lb_v128_t lb_v128_##shape(const type lanes[count]) {       \
    lb_v128_t v128;                                                        \
    memcpy(v128.bytes, lanes, sizeof v128.bytes);                          \
    return v128;                                                           \
  }                                                                        \
  static inline type lb_v128_##shape##_lane(lb_v128_t v128, size_t lane) { \
    type found;                                                            \
    memcpy(&found, v128.bytes + lane % count * sizeof found, sizeof found); \
    return found;                                                          \
  }
LB_LANES(i8x16, int8_t, 16)
LB_LANES(i16x8, int16_t, 8)
LB_LANES(i32x4, int32_t, 4)
LB_LANES(i64x2, int64_t, 2)
LB_LANES(f32x4, float, 4)
LB_LANES(f64x2, double, 2)
#undef LB_LANES

// ------------------------------------------------------------------------------------------------
//
// Modules
//
// A module is compiled code: load it once, instantiate it any number of times, from any thread.
// Bytes and WebAssembly text are both taken.

/// What a module asks its host for.
typedef struct lb_import_t {
  /// The first part of the import's name.
  const char *module;
  /// The second part of the import's name.
  const char *name;
  /// What is asked for.
  lb_extern_type_t type;
} lb_import_t;

/// What a module exports.
typedef struct lb_export_t {
  /// Its name.
  const char *name;
  /// What it is.
  lb_extern_type_t type;
} lb_export_t;

/// Compiles what a string names or is: WebAssembly text if it begins like one, with "(" or ";;" after
/// space and a byte order mark, and else the path of a file. A file whose own name begins so is loaded
/// by lb_module_load_file(). engine may be NULL. The caller releases the module.
///
/// Errors: LB_KIND_IO if the file cannot be read, LB_KIND_COMPILE if there is no valid module.
LB_MUST_USE
lb_error_t *lb_module_load(const lb_engine_t *engine,
                           const char *source,
                           lb_module_t *module);

/// Compiles a module from a file. engine may be NULL. The caller releases the module.
///
/// Errors: LB_KIND_IO if the file cannot be read, LB_KIND_COMPILE if it holds no valid module.
LB_MUST_USE
lb_error_t *lb_module_load_file(const lb_engine_t *engine, const char *path, lb_module_t *module);

/// Compiles a module from WebAssembly text that ends with a zero byte. engine may be NULL. The
/// caller releases the module.
///
/// Errors: LB_KIND_COMPILE if the text is no valid module; the message says where.
LB_MUST_USE
lb_error_t *lb_module_load_text(const lb_engine_t *engine, const char *source, lb_module_t *module);

/// Compiles a module from length bytes in memory, which are not needed afterwards. engine may be
/// NULL. The caller releases the module.
///
/// Errors: LB_KIND_COMPILE if the bytes are no valid module; the message says where.
LB_MUST_USE
lb_error_t *lb_module_load_bytes(const lb_engine_t *engine,
                                 const uint8_t *bytes,
                                 size_t length,
                                 lb_module_t *module);

/// The name that the module was given by its compiler, or NULL. Lives as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the module was released.
LB_MUST_USE
lb_error_t *lb_module_name(lb_module_t module, const char **name);

/// The module's bytes in the binary format, length of them, which live as long as the handle. A
/// module travels to another process as these: lb_module_load_bytes() finds there what was compiled
/// already.
///
/// Errors: LB_KIND_CLOSED if the module was released.
LB_MUST_USE
lb_error_t *lb_module_bytes(lb_module_t module, const uint8_t **bytes, size_t *length);

/// The BLAKE3 hash of its bytes, as 64 hexadecimal digits. Lives as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the module was released.
LB_MUST_USE
lb_error_t *lb_module_digest(lb_module_t module, const char **digest);

/// Writes the compiled code to a file, for lb_module_load_precompiled(). A file that is there is
/// replaced, in one step. It fits one version of this library, one sort of CPU and operating
/// system, and the engine's options, and may be read and written by this user only.
///
/// Errors: LB_KIND_IO if the file cannot be written, LB_KIND_CLOSED if the module was released.
LB_MUST_USE
lb_error_t *lb_module_compile(lb_module_t module, const char *path);

/// Loads what lb_module_compile() wrote, without compiling. engine may be NULL. The caller releases
/// the module.
///
/// The file is machine code, which is run as it is and is trusted: never load one from somebody
/// whose programs you would not run, and do not change it while a module of it is loaded. Checks
/// are against mistakes, not against malice.
///
/// Errors: LB_KIND_IO if the file cannot be read; LB_KIND_COMPILE if it is no such file, was
/// truncated or altered, or was made by another version, for another machine or with other options.
LB_MUST_USE
lb_error_t *lb_module_load_precompiled(const lb_engine_t *engine,
                                       const char *path,
                                       lb_module_t *module);

/// What the module asks for, in its own order: an array of count elements that lives as long as the
/// handle.
///
/// Errors: LB_KIND_CLOSED if the module was released.
LB_MUST_USE
lb_error_t *lb_module_imports(lb_module_t module,
                              const struct lb_import_t **imports,
                              size_t *count);

/// What the module exports, in its own order: an array of count elements that lives as long as the
/// handle.
///
/// Errors: LB_KIND_CLOSED if the module was released.
LB_MUST_USE
lb_error_t *lb_module_exports(lb_module_t module,
                              const struct lb_export_t **exports,
                              size_t *count);

/// Releases the handle. Instances keep their module alive.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_module_release(lb_module_t module);

// ------------------------------------------------------------------------------------------------
//
// Instances
//
// An instance is a module at work. Its exports are resolved by name once and then used fast. It may
// be used from any thread; threads that meet take turns.

/// Makes an instance of a module, in a store of its own, and runs its start function. imports may
/// be NULL. The caller closes or releases it.
///
/// Errors: LB_KIND_LINK, naming every import that is missing or of another type; LB_KIND_TRAP or
/// LB_KIND_HOST if the start function fails; LB_KIND_WRONG_STORE if an import lives in a store.
LB_MUST_USE
lb_error_t *lb_instance_new(lb_module_t module,
                            const lb_imports_t *imports,
                            lb_instance_t *instance);

/// An exported function, resolved: calls look nothing up. The caller releases it.
///
/// Errors: LB_KIND_NOT_FOUND if there is no function of this name, LB_KIND_UNSUPPORTED if it is one of a component, see
/// lb_instance_wit_func(), LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_instance_func(lb_instance_t instance,
                             const char *name,
                             lb_func_t *func);

/// An exported memory. The caller releases it. Errors as lb_instance_func().
LB_MUST_USE
lb_error_t *lb_instance_memory(lb_instance_t instance, const char *name, lb_memory_t *memory);

/// An exported table. The caller releases it. Errors as lb_instance_func().
LB_MUST_USE
lb_error_t *lb_instance_table(lb_instance_t instance, const char *name, lb_table_t *table);

/// An exported global. The caller releases it. Errors as lb_instance_func().
LB_MUST_USE
lb_error_t *lb_instance_global(lb_instance_t instance, const char *name, lb_global_t *global);

/// An exported exception tag. The caller releases it. Errors as lb_instance_func().
LB_MUST_USE
lb_error_t *lb_instance_tag(lb_instance_t instance, const char *name, lb_tag_t *tag);

/// An export of any sort. The caller releases it, with lb_extern_release().
///
/// Errors: LB_KIND_NOT_FOUND if there is none of this name, LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_instance_export(lb_instance_t instance, const char *name, lb_extern_t *item);

/// Names and types of all exports, in the module's order: an array of count elements that lives as
/// long as the handle.
///
/// Errors: LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_instance_exports(lb_instance_t instance, const lb_export_t **exports, size_t *count);

/// Calls an exported function by name; see lb_func_call(), which is faster.
///
/// Errors: LB_KIND_NOT_FOUND if there is no function of this name, else as lb_func_call().
LB_MUST_USE
lb_error_t *lb_instance_call(lb_instance_t instance,
                             const char *name,
                             const lb_value_t *args,
                             size_t nargs,
                             lb_value_t *results,
                             size_t nresults);

/// Runs a program of WASI: calls its "_start", and gives its exit code, also where it ended itself with
/// one. A program runs once.
///
/// Errors: LB_KIND_NOT_FOUND if the module is no program, LB_KIND_UNSUPPORTED if it ran already, else as
/// lb_func_call().
LB_MUST_USE
lb_error_t *lb_instance_run(lb_instance_t instance,
                            int32_t *exit_code);

/// The store it lives in. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the instance was closed or released.
LB_MUST_USE
lb_error_t *lb_instance_store(lb_instance_t instance, lb_store_t *store);

/// The module it is an instance of. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the instance was closed or released.
LB_MUST_USE
lb_error_t *lb_instance_module(lb_instance_t instance, lb_module_t *module);

/// Closes the instance and releases the handle. One made by lb_instance_new() closes its store, see
/// lb_store_close(); one made in a store only stops answering, and its exports live on with the
/// store; one taken from a pool is given back.
///
/// Closing twice is no error, also from two threads at once.
///
/// Errors: LB_KIND_TYPE if it is no handle of this kind.
lb_error_t *lb_instance_close(lb_instance_t instance);

/// Releases the handle only. What was resolved from the instance lives on. One taken from a pool is given
/// back.
///
/// Errors: LB_KIND_CLOSED if it was closed or released before.
lb_error_t *lb_instance_release(lb_instance_t instance);

// ------------------------------------------------------------------------------------------------
//
// Imports and host functions
//
// A lb_imports_t holds what modules may import, by the two names of an import. You may use it for
// any number of instances, and change it in between: an instance has what was there when it was
// made. What a module does not import is ignored. If you define a name twice, the second one
// counts.

/// Where a host function was called from. Valid during that call only, and on its thread.
typedef struct lb_context_t lb_context_t;

/// A function of the program's that guests call. It runs on the thread of the call that reached it,
/// and may call back into the store it was called from. data is what it was registered with.
///
/// args holds nargs arguments of the types that the import has; references in it are valid
/// until the function returns: clone what you want to keep. results is set to nresults
/// zeros or nulls of the right types; references that the function puts there are given away,
/// except that one of args may be returned as it is. A result of another type is an error,
/// LB_KIND_TYPE.
///
/// Returns NULL, or an error that it owned: one from lb_error_new() or lb_error_host(), or one that
/// a call gave it. The guest is unwound then, and the error comes out of the outermost call. One of
/// LB_KIND_EXCEPTION, see lb_error_throw(), is one that a guest of the exception's store can catch.
///
/// Must return, on its thread: no C++ exception, no longjmp and no pthread_exit may leave it. It may
/// switch to another coroutine, which gets LB_KIND_BUSY until this function has returned.
typedef lb_error_t *(*lb_callback_t)(void *data,
                                     const struct lb_context_t *context,
                                     const lb_value_t *args,
                                     size_t nargs,
                                     lb_value_t *results,
                                     size_t nresults);

/// Makes an empty collection. The caller releases it.
LB_MUST_USE
lb_error_t *lb_imports_new(lb_imports_t *imports);

/// Lends a function; its type is the one that a module imports it with. drop (or NULL) is called
/// with data once neither the collection nor an instance needs the function any more; it is called
/// in any case, at once if this function fails. Instances may run on any thread: the callback and
/// its data must allow for that.
///
/// Errors: LB_KIND_CLOSED if the collection was released.
LB_MUST_USE
lb_error_t *lb_imports_func(lb_imports_t imports,
                            const char *module,
                            const char *name,
                            lb_callback_t callback,
                            void *data,
                            lb_drop_t drop);

/// Lends a function, memory, table, global or tag of the store that the module will be instantiated
/// in. The caller keeps the handle in item.
///
/// Errors: LB_KIND_CLOSED if one of the handles was released.
LB_MUST_USE
lb_error_t *lb_imports_define(lb_imports_t imports,
                              const char *module,
                              const char *name,
                              lb_extern_t item);

/// Defines a value: a module that imports an immutable global by this name gets one with this value,
/// of just the type that it asks for. Define a mutable global by lb_imports_define(). The
/// caller keeps the reference in value.
///
/// Errors: LB_KIND_CLOSED if one of the handles was released, LB_KIND_TYPE if value is none. That
/// it does not fit the import is an error of the instantiation.
LB_MUST_USE
lb_error_t *lb_imports_value(lb_imports_t imports,
                             const char *module,
                             const char *name,
                             lb_value_t value);

/// Says whether "_initialize" is called when an instance is made; it is, unless this says false. It is what
/// a reactor of WASI exports, a library that is called into. Say false to set the instance up before it, and call it yourself
/// before anything else: once, a second call is LB_KIND_UNSUPPORTED.
///
/// Errors: LB_KIND_CLOSED if the collection was released.
LB_MUST_USE
lb_error_t *lb_imports_initialize(lb_imports_t imports,
                                  bool initialize);

/// Lends all exports of an instance, under their own names, to modules in the same store.
///
/// Errors: LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_imports_instance(lb_imports_t imports, const char *module, lb_instance_t instance);

/// Releases the handle. Instances keep what they import.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_imports_release(lb_imports_t imports);

/// An export of the instance that called the host function, by its name: mostly its memory. The
/// caller releases it, with lb_extern_release().
///
/// Errors: LB_KIND_NOT_FOUND if there is none of this name, or no guest called.
LB_MUST_USE
lb_error_t *lb_context_export(const struct lb_context_t *context,
                              const char *name,
                              lb_extern_t *item);

/// The store that the guest runs in. The caller releases it.
LB_MUST_USE
lb_error_t *lb_context_store(const struct lb_context_t *context, lb_store_t *store);

/// Writes the name by which the module imports the function, such as "env.log", to a buffer of size
/// bytes, cut short and ended by a zero byte as snprintf does, and returns the whole length.
size_t lb_context_name(const struct lb_context_t *context, char *name, size_t size);

// ------------------------------------------------------------------------------------------------
//
// Functions

/// Calls a function with nargs arguments and writes its nresults results. The caller keeps the
/// references in args, and releases those in results. Nothing is allocated for numbers and vectors.
///
/// May be called from any thread: threads that meet on a store take turns. On an error, results are
/// left as they were.
///
/// Errors: LB_KIND_TYPE if the arguments do not fit, or nresults is not the number of results;
/// LB_KIND_RANGE for an integer that is no i31ref; LB_KIND_TRAP with code and frames;
/// LB_KIND_EXCEPTION, see lb_error_exception(); what a host function returned; LB_KIND_WRONG_STORE
/// for a reference to something of another store; LB_KIND_CLOSED, LB_KIND_POISONED,
/// LB_KIND_DEADLOCK; LB_KIND_BUSY while another coroutine of this thread is in a host function;
/// LB_KIND_UNSUPPORTED on a coroutine's stack without a guard page, and for "_initialize" if it ran already.
LB_MUST_USE
lb_error_t *lb_func_call(lb_func_t func,
                         const lb_value_t *args,
                         size_t nargs,
                         lb_value_t *results,
                         size_t nresults);

/// Calls a function of at most four numbers, i32, i64, f32 or f64, that gives at most one, as lb_func_call() does, for
/// callers that have compared its signature with lb_func_type() once and need not say the types again. bits holds the
/// bits of its count arguments, a word for each, and receives those of the result in its first word. Of a word the low
/// 32 bits count where the type has 32; in the result the others are zero. bits has room for one word at least.
///
/// A signature that you took for another one gives numbers that mean nothing, and does no other harm.
///
/// Errors: LB_KIND_TYPE if the function is not of count such numbers; else as lb_func_call().
LB_MUST_USE
lb_error_t *lb_func_call_bits(lb_func_t func,
                              uint64_t *bits,
                              size_t count);

/// Makes a function of the program's in a store, to be put into a table, passed as a reference or
/// imported by a module. drop (or NULL) is called with data once nobody needs the function any more; it
/// is called in any case, at once if this function fails. The caller releases the handle.
///
/// If it was put into a table or a global, passed to a guest or imported, it stays as long as the
/// store (about 0.5 KB), since a guest may have kept it. Else its room is used again.
///
/// Errors: LB_KIND_TYPE if the type holds an unknown number, LB_KIND_LIMIT if it has more than 1000
/// parameters or results, or if there are a million things that hosts made in the store (functions,
/// tags, globals, tables, memories), LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_func_new(lb_store_t store,
                        const lb_func_type_t *type,
                        lb_func_t *func,
                        lb_callback_t callback,
                        void *data,
                        lb_drop_t drop);

/// The signature. Its arrays live as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the function was released.
LB_MUST_USE
lb_error_t *lb_func_type(lb_func_t func, lb_func_type_t *type);

/// Writes the name the function was exported by, or a word for what it is, to a buffer of size
/// bytes, cut short and ended by a zero byte as snprintf does. length (or NULL) receives the whole
/// length without the zero byte.
///
/// Errors: LB_KIND_CLOSED if the function was released.
LB_MUST_USE
lb_error_t *lb_func_name(lb_func_t func, char *name, size_t size, size_t *length);

/// Whether two handles are of one function of one store. False if either is no handle of a
/// function.
bool lb_func_same(lb_func_t func, lb_func_t other);

/// A second handle of the same function, for instance of one that a host function borrowed and
/// wants to keep. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the function was released.
LB_MUST_USE
lb_error_t *lb_func_clone(lb_func_t func, lb_func_t *clone);

/// Releases the handle. Allowed while the function runs.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_func_release(lb_func_t func);

// ------------------------------------------------------------------------------------------------
//
// Batches
//
// A batch calls a function once a row, over columns of numbers, in one crossing. The loop runs as compiled code in the
// function's own store, so a row costs a few nanoseconds.
//
//     int32_t xs[3] = {1, 2, 3}, ten = 10, sums[3];
//     lb_column_t args[2] = {LB_COLUMN(LB_TYPE_I32, xs, 3), LB_REPEATED(LB_TYPE_I32, &ten)};
//     lb_result_column_t result = LB_RESULT_COLUMN(LB_TYPE_I32, sums, 3);
//     lb_error_t *err = lb_func_map(add, args, 2, &result, 1, NULL);

/// An argument of a batch. Begin with LB_COLUMN or LB_REPEATED.
typedef struct lb_column_t {
  /// sizeof(lb_column_t), by which the library knows what the program knew.
  size_t size;
  /// The elements, one after the other: int32_t, int64_t, float or double, or unsigned ones of the same size. One
  /// element if it repeats.
  const void *data;
  /// How many rows it has; not looked at if it repeats.
  size_t rows;
  /// LB_TYPE_I32, LB_TYPE_I64, LB_TYPE_F32 or LB_TYPE_F64.
  lb_type_t type;
  /// 1 if data leads to one value that repeats for each row, 0 for a column.
  uint32_t repeats;
  /// Which rows have a value, a bit a row and the lowest of a byte first, set if there is one; NULL if all have. A
  /// row without one is not called, and its results are zero.
  const uint8_t *validity;
  /// The bit of row 0 in validity.
  size_t validity_offset;
} lb_column_t;

/// A column that takes results. Begin with LB_RESULT_COLUMN.
typedef struct lb_result_column_t {
  /// sizeof(lb_result_column_t), by which the library knows what the program knew.
  size_t size;
  /// Room for the elements.
  void *data;
  /// How many rows it has.
  size_t rows;
  /// LB_TYPE_I32, LB_TYPE_I64, LB_TYPE_F32 or LB_TYPE_F64.
  lb_type_t type;
  /// 0.
  uint32_t reserved;
} lb_result_column_t;

/// What else a batch may be told. Begin with LB_BATCH.
typedef struct lb_batch_t {
  /// sizeof(lb_batch_t), by which the library knows what the program knew.
  size_t size;
  /// How many rows there are; LB_ROWS_OF_COLUMNS, the default, where a column says so.
  size_t rows;
  /// The rows to call, in ascending order; NULL for all. Results of other rows stay as they are.
  const uint64_t *selection;
  /// How many there are.
  size_t nselection;
  /// Receives which rows have results, a bit a row from bit 0 on: those that were to be called and have no null.
  /// NULL if nobody asks. Bits of rows that are not selected stay as they are. It may be the validity of an argument. If
  /// the batch fails, nothing is written to it.
  uint8_t *validity;
} lb_batch_t;

/// Calls a function once a row: args has a column or a value for each of its nargs parameters, results a column for each of
/// its nresults results. batch may be NULL. Numbers only: i32, i64, f32 and f64. It is one call: it has one timeout, and
/// lb_store_cancel() ends it. Fuel is used as by so many calls.
///
/// A result column may be the memory of an argument, at the same place. Where they overlap in another way, the argument
/// is copied first, so each row sees it as it was. If a host function changes columns meanwhile, some of the changes are
/// seen; the columns themselves must stay until the call returns, and the selection and bitmaps as they are.
///
/// On an error lb_error_row() says the row, and the results of the rows before it are written. After a trap the
/// instance may be used.
///
/// Errors: LB_KIND_TYPE if a column is not of its parameter's type, if columns differ in their rows, or if the function
/// takes or gives other things than numbers; LB_KIND_RANGE for a selection that is not in order;
/// LB_KIND_UNSUPPORTED for a struct of an unknown size; else as lb_func_call().
LB_MUST_USE
lb_error_t *lb_func_map(lb_func_t func,
                        const struct lb_column_t *args,
                        size_t nargs,
                        const struct lb_result_column_t *results,
                        size_t nresults,
                        const struct lb_batch_t *batch);

// The columns say how many rows there are.
#define LB_ROWS_OF_COLUMNS SIZE_MAX

// Initialisers: a column, a value that repeats, a column that takes results, and the defaults of a batch.
#define LB_COLUMN(type, data, rows) { sizeof(lb_column_t), (data), (rows), (type), 0, NULL, 0 }
#define LB_REPEATED(type, data) { sizeof(lb_column_t), (data), 0, (type), 1, NULL, 0 }
#define LB_RESULT_COLUMN(type, data, rows) { sizeof(lb_result_column_t), (data), (rows), (type), 0 }
#define LB_BATCH { sizeof(lb_batch_t), LB_ROWS_OF_COLUMNS, NULL, 0, NULL }

// ------------------------------------------------------------------------------------------------
//
// Memories
//
// Offsets and lengths are in bytes. Copying checks bounds and takes the store's turn; a view is the
// bytes in place.

/// The bytes of a memory in place. They stay mapped until the view is released, whatever else is
/// closed or grown meanwhile; after growth, a view shows the first part. Guests write to them while
/// they run: a program that looks while another thread calls must expect to see that.
typedef struct lb_view_t {
  /// The first byte.
  uint8_t *data;
  /// How many bytes there are.
  size_t length;
  /// What keeps them mapped; see lb_view_release().
  uint64_t id;
} lb_view_t;

/// Makes a memory that modules in this store can import. The caller releases it.
///
/// Errors: LB_KIND_LIMIT if the type is impossible or there is no room, LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_memory_new(lb_store_t store, const lb_memory_type_t *type, lb_memory_t *memory);

/// Copies length bytes from offset to bytes.
///
/// Errors: LB_KIND_OUT_OF_BOUNDS (bytes is not touched then, so it may have no room for a length that
/// no memory has), LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_memory_read(lb_memory_t memory,
                           uint64_t offset,
                           void *bytes,
                           size_t length);

/// Copies length bytes to offset.
///
/// Errors: LB_KIND_OUT_OF_BOUNDS (nothing is written then), LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_memory_write(lb_memory_t memory, uint64_t offset, const void *bytes, size_t length);

/// Copies a text of length bytes out, which must be UTF-8, as snprintf does: at most size bytes with the
/// zero byte behind them, cut between characters. text_length (or NULL) receives its whole length, which
/// also tells a text with zero bytes inside.
///
/// Errors: LB_KIND_TYPE if the bytes are not UTF-8, saying where; LB_KIND_OUT_OF_BOUNDS; LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_memory_read_text(lb_memory_t memory,
                                uint64_t offset,
                                size_t length,
                                char *text,
                                size_t size,
                                size_t *text_length);

/// Copies out a text that ends with a zero byte, which is searched for in most bytes from offset on, in
/// 1 MiB if most is 0. Else as lb_memory_read_text().
///
/// Errors: LB_KIND_OUT_OF_BOUNDS if there is no zero byte; else as lb_memory_read_text().
LB_MUST_USE
lb_error_t *lb_memory_read_c_string(lb_memory_t memory,
                                    uint64_t offset,
                                    size_t most,
                                    char *text,
                                    size_t size,
                                    size_t *text_length);

/// Writes a text to offset, without the zero byte at its end; written (or NULL) receives how many bytes
/// it has. C0 80 in it stands for a zero byte.
///
/// Errors: LB_KIND_TYPE if the text is not UTF-8; LB_KIND_OUT_OF_BOUNDS (nothing is written then),
/// LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_memory_write_text(lb_memory_t memory,
                                 uint64_t offset,
                                 const char *text,
                                 size_t *written);

/// Grows the memory by pages; former_pages (or NULL) receives its former size in pages.
///
/// Errors: LB_KIND_MEMORY_LIMIT if it cannot become that large, LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_memory_grow(lb_memory_t memory, uint64_t pages, uint64_t *former_pages);

/// Its size now, in bytes.
///
/// Errors: LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_memory_size_bytes(lb_memory_t memory, uint64_t *bytes);

/// Its size now, in pages.
///
/// Errors: LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_memory_size_pages(lb_memory_t memory, uint64_t *pages);

/// The type it was made with.
///
/// Errors: LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_memory_type(lb_memory_t memory, lb_memory_type_t *type);

/// A view of all its bytes as they are now. The caller releases it, with lb_view_release(), and
/// takes a new one after growth.
///
/// Errors: LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_memory_view(lb_memory_t memory, struct lb_view_t *view);

/// Releases a view. Its bytes must not be used afterwards.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_view_release(struct lb_view_t view);

/// Whether two handles are of one memory of one store, also when the store is closed. False if either
/// is no handle of a memory.
bool lb_memory_same(lb_memory_t memory,
                    lb_memory_t other);

/// Releases the handle. The store keeps the memory.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_memory_release(lb_memory_t memory);

// ------------------------------------------------------------------------------------------------
//
// Tables

/// Makes a table that modules in this store can import, with init in all its elements. The
/// caller keeps the reference in init and releases the table.
///
/// Errors: LB_KIND_TYPE if init is not of the element type, LB_KIND_LIMIT if there is no room,
/// LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_table_new(lb_store_t store,
                         const lb_table_type_t *type,
                         lb_value_t init,
                         lb_table_t *table);

/// Reads an element. The caller releases the reference, with lb_value_release().
///
/// Errors: LB_KIND_OUT_OF_BOUNDS, LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_table_get(lb_table_t table, uint64_t index, lb_value_t *value);

/// Writes an element. The caller keeps the reference in value.
///
/// Errors: LB_KIND_OUT_OF_BOUNDS, LB_KIND_TYPE, LB_KIND_WRONG_STORE, LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_table_set(lb_table_t table, uint64_t index, lb_value_t value);

/// Grows the table by delta elements, all init; former_size (or NULL) receives its former size. The
/// caller keeps the reference in init.
///
/// Errors: LB_KIND_LIMIT if it cannot become that large, LB_KIND_TYPE, LB_KIND_WRONG_STORE,
/// LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_table_grow(lb_table_t table, uint64_t delta, lb_value_t init, uint64_t *former_size);

/// How many elements it has now.
///
/// Errors: LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_table_size(lb_table_t table, uint64_t *size);

/// The type it was made with.
///
/// Errors: LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_table_type(lb_table_t table, lb_table_type_t *type);

/// Whether two handles are of one table of one store, also when the store is closed. False if either
/// is no handle of a table.
bool lb_table_same(lb_table_t table,
                   lb_table_t other);

/// Releases the handle. The store keeps the table.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_table_release(lb_table_t table);

// ------------------------------------------------------------------------------------------------
//
// Globals

/// Makes a global that modules in this store can import. The caller keeps the reference in
/// value and releases the global.
///
/// Errors: LB_KIND_TYPE if value is not of the type, LB_KIND_WRONG_STORE, LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_global_new(lb_store_t store,
                          const lb_global_type_t *type,
                          lb_value_t value,
                          lb_global_t *global);

/// Reads its value. The caller releases the reference it may be, with lb_value_release().
///
/// Errors: LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_global_get(lb_global_t global, lb_value_t *value);

/// Writes its value. The caller keeps the reference in value.
///
/// Errors: LB_KIND_TYPE if the value does not fit or the global is immutable, LB_KIND_WRONG_STORE,
/// LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_global_set(lb_global_t global, lb_value_t value);

/// Its type.
///
/// Errors: LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_global_type(lb_global_t global, lb_global_type_t *type);

/// Whether two handles are of one global of one store, also when the store is closed. False if either
/// is no handle of a global.
bool lb_global_same(lb_global_t global,
                    lb_global_t other);

/// Releases the handle. The store keeps the global.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_global_release(lb_global_t global);

// ------------------------------------------------------------------------------------------------
//
// Exception tags
//
// A tag lives in a store and says which sort an exception is of, and the types of what it carries.
// Modules export and import tags; define one as an import by lb_imports_define() and lb_extern_tag().

/// Makes a tag in a store, whose exceptions carry values of nparams types. The caller releases it.
///
/// If a module imported it, or an exception was made of it, it stays as long as the store
/// (about 1.6 KB). Else its room is used again.
///
/// Errors: LB_KIND_TYPE if params holds an unknown number, LB_KIND_LIMIT if there are more than
/// 1000 or there is no room, or as lb_func_new(), LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_tag_new(lb_store_t store, const lb_type_t *params, size_t nparams, lb_tag_t *tag);

/// The types of what its exceptions carry, as the parameters of a signature without results. The
/// array lives as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the tag was released.
LB_MUST_USE
lb_error_t *lb_tag_type(lb_tag_t tag, lb_func_type_t *type);

/// Whether two handles are of one tag of one store, also when the store is closed. False if either
/// is no handle of a tag.
bool lb_tag_same(lb_tag_t tag, lb_tag_t other);

/// Releases the handle. The store keeps the tag.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_tag_release(lb_tag_t tag);

// ------------------------------------------------------------------------------------------------
//
// Exceptions
//
// What a guest throws and nobody catches comes out of the call as an error of LB_KIND_EXCEPTION,
// with the exception in it: a tag, which says of what sort it is, and the values that it carries.
// A host function throws one by returning the error of lb_error_throw(), and guests of the store
// can catch it.

/// Makes an exception of a tag, which carries npayload values. The caller keeps the references in
/// payload, and releases the exception.
///
/// Errors: LB_KIND_TYPE if the payload does not fit the tag, LB_KIND_WRONG_STORE, LB_KIND_LIMIT if
/// there is no room, LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_exception_new(lb_tag_t tag,
                             const lb_value_t *payload,
                             size_t npayload,
                             lb_exception_t *exception);

/// The tag, which says what sort of exception it is; see lb_tag_same(). The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the exception was released.
LB_MUST_USE
lb_error_t *lb_exception_tag(lb_exception_t exception, lb_tag_t *tag);

/// Writes the npayload values that it carries, as many as its tag's type has. The caller releases
/// the references in them. On an error, payload is left as it was.
///
/// Errors: LB_KIND_TYPE if npayload is another number; LB_KIND_CLOSED if the exception was
/// released, or if its store is closed and it did not come out of an error.
LB_MUST_USE
lb_error_t *lb_exception_payload(lb_exception_t exception, lb_value_t *payload, size_t npayload);

/// The exception in an error of LB_KIND_EXCEPTION, or the handle 0 if there is none in it. The
/// caller releases it. What it carries may be read after its store was closed.
LB_MUST_USE
lb_error_t *lb_error_exception(const lb_error_t *error, lb_exception_t *exception);

/// Makes the error that throws an exception, for a host function to return. The caller keeps the
/// handle, and owns the error until it is returned. Where the handle was released, the error is of
/// LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_error_throw(lb_exception_t exception);

/// Whether two handles are of one exception of one store. False if either is no handle of an
/// exception.
bool lb_exception_same(lb_exception_t exception, lb_exception_t other);

/// A second handle of the same exception, for instance of one that a host function borrowed and
/// wants to keep. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the exception was released.
LB_MUST_USE
lb_error_t *lb_exception_clone(lb_exception_t exception, lb_exception_t *clone);

/// Releases the handle. Guests that hold the exception keep it.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_exception_release(lb_exception_t exception);

// ------------------------------------------------------------------------------------------------
//
// Objects of the guest's heap
//
// A struct or an array that a guest made and gave to the program, in a value of LB_TYPE_STRUCTREF
// or LB_TYPE_ARRAYREF. It is not copied: the program reads and writes what the guest does. It
// lives as long as the program or the guest holds it.

/// What it is, with its fields or elements. The array lives as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the object was released.
LB_MUST_USE
lb_error_t *lb_gcref_type(lb_gcref_t gcref, lb_gc_type_t *type);

/// Writes a type's text, such as "(struct (mut i32) f64)" or "(array (mut i8))", to a buffer of
/// size bytes, as lb_func_type_text() does.
size_t lb_gc_type_text(const lb_gc_type_t *type, char *text, size_t size);

/// How many fields, or elements, it has.
///
/// Errors: LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_gcref_len(lb_gcref_t gcref, uint64_t *length);

/// Reads a field of a struct, or an element of an array. The caller releases the reference it may
/// be, with lb_value_release().
///
/// Errors: LB_KIND_OUT_OF_BOUNDS, LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_gcref_get(lb_gcref_t gcref, uint64_t index, lb_value_t *value);

/// Writes a field of a struct, or an element of an array. The caller keeps the reference in value.
/// Of an i32 for a packed field, the low bits are written.
///
/// Errors: LB_KIND_OUT_OF_BOUNDS, LB_KIND_TYPE if the value does not fit or the field is immutable,
/// LB_KIND_WRONG_STORE, LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_gcref_set(lb_gcref_t gcref, uint64_t index, lb_value_t value);

/// Whether two handles are of one object of one store. False if either is no handle of an object,
/// or if the store is closed and they came from the guest at different times.
bool lb_gcref_same(lb_gcref_t gcref, lb_gcref_t other);

/// A second handle of the same object, for instance of one that a host function borrowed and wants
/// to keep. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the object was released.
LB_MUST_USE
lb_error_t *lb_gcref_clone(lb_gcref_t gcref, lb_gcref_t *clone);

/// Releases the handle. Guests that hold the object keep it.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_gcref_release(lb_gcref_t gcref);

// ------------------------------------------------------------------------------------------------
//
// Limits and usage
//
// How much the guests of one store may use, and what they used. Each limit ends a call, or refuses
// what was asked for, with an error kind of its own. After one that ended a call in its middle, the
// store is LB_KIND_POISONED: instantiate the module again.

/// In place of the fuel used where none is counted.
#define LB_NO_FUEL UINT64_MAX

/// How much the guests of one store may use; 0 bounds nothing. A program that computes a limit must
/// see to it that it does not come to 0. Begin with LB_LIMITS and change what you like:
///
///     lb_limits_t limits = LB_LIMITS;
///     limits.timeout_ms = 500;
typedef struct lb_limits_t {
  /// sizeof(lb_limits_t), by which the library knows what the program knew.
  size_t size;
  /// Bytes that all memories of the store and its garbage-collected heap may have together. A
  /// guest that asks for more gets -1 from memory.grow, and may go on. If it traps then, or if
  /// the program asks for more, the error is LB_KIND_MEMORY_LIMIT.
  uint64_t memory_bytes;
  /// Elements that all tables of the store may have together. More are refused as for memory.
  /// Error: LB_KIND_LIMIT.
  uint64_t table_elements;
  /// Instances that may be made in the store. Error: LB_KIND_LIMIT.
  uint64_t instances;
  /// Fuel that guests may use until you give more with lb_store_set_fuel(). Error: LB_KIND_FUEL.
  /// An instruction uses about one unit, and the same call uses the same fuel on every machine
  /// and in every host. Modules are compiled a second time, with code that counts.
  uint64_t fuel;
  /// Bytes that guests may write to stdout and stderr together. Error: LB_KIND_LIMIT. If you do
  /// not set it, at most 16 MiB are captured.
  uint64_t output_bytes;
  /// How many milliseconds a call from the program may take, with all that it calls. Error:
  /// LB_KIND_TIMEOUT. The guest is ended within a few milliseconds, also while it sleeps. Two
  /// things are finished first: a host function that it called, and one instruction that fills
  /// memory, which takes 1 to 2 milliseconds for each MiB. Needs an engine that can interrupt
  /// guests.
  uint64_t timeout_ms;
  /// Bytes that guests may write into files of granted folders, all together. They count when
  /// they are written: overwriting or removing gives nothing back. Each file, folder and link
  /// that is made counts as 4096. Holes count, too: whatever makes a file longer counts, by any
  /// descriptor. A write beyond the limit gives the guest WASI's error NOSPC (51). If you do not
  /// set it and the policy has folders in memory, it is 64 MiB.
  uint64_t written_bytes;
  /// Files and folders that guests may have open at once, not counting granted folders. One more
  /// gives the guest WASI's error MFILE (33). If you do not set it, it is 1024.
  uint64_t open_files;
  /// Bytes that one call of a component's function may copy to the guest, and as many back;
  /// likewise when a component calls the program. Strings and lists of numbers count as their
  /// bytes; in other lists that a component returns, each element counts as at least 8. Arguments
  /// that are too large are refused before the call, and a component that returns too much is
  /// ended. Error: LB_KIND_LIMIT. If you do not set it, it is 128 MiB.
  uint64_t transfer_bytes;
  /// Handles of resources that the components of the store may hold at once, and as many that the
  /// program may hold or have given them. Error: LB_KIND_LIMIT. A borrow counts until its call
  /// ends, and a component's resource that the program holds counts for both. If you do not set
  /// it, it is 100,000.
  uint64_t handles;
} lb_limits_t;

/// What the guests of a store use and used. Begin with LB_USAGE, for lb_store_usage() to fill in.
typedef struct lb_usage_t {
  /// sizeof(lb_usage_t), by which the library knows what the program knew.
  size_t size;
  /// Bytes that all memories and the garbage-collected heap have now.
  uint64_t memory_bytes;
  /// The most bytes they ever had.
  uint64_t peak_memory_bytes;
  /// Elements that all tables have now.
  uint64_t table_elements;
  /// Instances that were made.
  uint64_t instances;
  /// Fuel used since it was last set; LB_NO_FUEL in a store without that limit.
  uint64_t fuel_used;
  /// Bytes written to stdout and stderr.
  uint64_t output_bytes;
  /// How many nanoseconds the last call from the program took, in steps of about a millisecond;
  /// zero if it took less.
  uint64_t last_call_ns;
  /// Bytes written into files of granted folders, counted as written_bytes of lb_limits_t says.
  uint64_t written_bytes;
  /// Files and folders that guests have open now, granted folders aside.
  uint64_t open_files;
  /// Handles of resources that the program holds now or has given to components; handles of the
  /// components' own are not counted.
  uint64_t handles;
} lb_usage_t;

/// Writes limits (or NULL) as JSON, the same bytes in every host language, to a buffer of size bytes, cut short
/// and ended by a zero byte as snprintf does. What has no limit is left out. length (or NULL)
/// receives the whole length without the zero byte.
///
/// Errors: LB_KIND_UNSUPPORTED if limits did not begin as LB_LIMITS.
LB_MUST_USE
lb_error_t *lb_limits_to_json(const struct lb_limits_t *limits,
                              char *json,
                              size_t size,
                              size_t *length);

/// Reads limits from JSON, such as {"memory_bytes": 1048576, "timeout_ms": 500}. What has no key is not
/// bounded, and a part of a millisecond counts as a whole one. limits begins as LB_LIMITS; on an error it
/// is left as it was.
///
/// Errors: LB_KIND_TYPE, saying which key is unknown or wrong; LB_KIND_RANGE if a limit is 0, which would
/// bound nothing here; LB_KIND_UNSUPPORTED if limits did not begin as LB_LIMITS.
LB_MUST_USE
lb_error_t *lb_limits_from_json(const char *json,
                                struct lb_limits_t *limits);

// The defaults, for initialisers.
#define LB_LIMITS { sizeof(lb_limits_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }
#define LB_USAGE { sizeof(lb_usage_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

// ------------------------------------------------------------------------------------------------
//
// Standard streams
//
// Where a guest's standard streams come from and go to, part of a lb_sandbox_t. Without one, stdin is
// at its end, and output is discarded.

/// Bytes that the caller releases, with lb_bytes_release().
typedef struct lb_bytes_t {
  /// The first byte. A zero byte follows on the last one.
  const uint8_t *data;
  /// How many there are, without that zero byte.
  size_t length;
  /// What keeps them.
  uint64_t id;
} lb_bytes_t;

/// Where a stream comes from or goes to: one of the LB_STREAM_ numbers.
typedef uint32_t lb_stream_t;

/// What a guest reads.
typedef struct lb_input_t {
  /// LB_STREAM_NONE, LB_STREAM_INHERIT, LB_STREAM_FILE or LB_STREAM_BYTES.
  lb_stream_t from;
  /// The path, for LB_STREAM_FILE.
  const char *path;
  /// The bytes, for LB_STREAM_BYTES, which are copied.
  const void *bytes;
  /// How many there are.
  size_t length;
} lb_input_t;

/// Called with what a guest writes, on the thread of the call that reached it. data is what it was
/// registered with. It cannot enter the guest's store: that is LB_KIND_BUSY.
///
/// Returns NULL, or an error that it owned, which ends the guest and comes out of the outermost call.
///
/// Must return: no C++ exception, no longjmp and no pthread_exit may leave it.
typedef lb_error_t *(*lb_write_t)(void *data, const uint8_t *bytes, size_t length);

/// Where what a guest writes goes.
typedef struct lb_output_t {
  /// LB_STREAM_NONE, LB_STREAM_INHERIT, LB_STREAM_FILE, LB_STREAM_CAPTURE, LB_STREAM_CALLBACK or
  /// LB_STREAM_LINES.
  lb_stream_t to;
  /// The path, for LB_STREAM_FILE.
  const char *path;
  /// The function, for LB_STREAM_CALLBACK and LB_STREAM_LINES.
  lb_write_t write;
  /// What it is called with. The store may be used on any thread: data must allow for that.
  void *data;
  /// NULL, or called with data for each time that the struct was used, once that store is gone; at
  /// once if there is none.
  lb_drop_t drop;
} lb_output_t;

/// No input: the stream is at its end. Output is discarded, but the last of it is kept for lb_error_output().
#define LB_STREAM_NONE 0

/// The process's own.
#define LB_STREAM_INHERIT 1

/// A file. For output it is made, or emptied if it is there. If it is a named pipe, the guest waits for its
/// other end when it first reads or writes.
#define LB_STREAM_FILE 2

/// For input only: bytes of the program's.
#define LB_STREAM_BYTES 3

/// For output only: kept for lb_store_stdout(), lb_store_stderr() or lb_store_refusals().
#define LB_STREAM_CAPTURE 4

/// For output only: a function of the program's.
#define LB_STREAM_CALLBACK 5

/// For output only: a function of the program's that is called with each line of text. It is UTF-8, in which what
/// is invalid is replaced, without the line's end, and no zero byte follows. A line of more than 64 KiB comes in
/// parts of that size, and a last line without an end when the call of the guest ends.
#define LB_STREAM_LINES 6

/// Releases bytes.
///
/// Errors: LB_KIND_CLOSED if they were released before.
lb_error_t *lb_bytes_release(struct lb_bytes_t bytes);

// ------------------------------------------------------------------------------------------------
//
// Stores
//
// A store is one sandbox. Instances that are to share memories, tables, globals or functions are
// made in one store; lb_instance_new() makes a store for its instance alone.
//
// Threads that meet on a store take turns, first come first served. A host function may call back
// into the store it was called from. Waiting that would never end, as two threads wait for each
// other's store, is LB_KIND_DEADLOCK.

/// Makes an empty store. engine may be NULL. The caller closes or releases it.
///
/// Errors: LB_KIND_LIMIT if memory or threads run out.
LB_MUST_USE
lb_error_t *lb_store_new(const lb_engine_t *engine, lb_store_t *store);

/// A number that no other store of this process has or had: equal for all handles of one store.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
LB_MUST_USE
lb_error_t *lb_store_number(lb_store_t store, uint64_t *number);

/// Makes an instance of a module in this store and runs its start function. imports may be NULL.
/// The caller releases the instance; it closes with the store.
///
/// Errors: as lb_instance_new(); LB_KIND_WRONG_STORE if an import lives in another store, or the
/// module is of another engine.
LB_MUST_USE
lb_error_t *lb_store_instantiate(lb_store_t store,
                                 lb_module_t module,
                                 const lb_imports_t *imports,
                                 lb_instance_t *instance);

/// Tells what the guests use and used. usage begins as LB_USAGE; on an error it is zero but for its
/// size. Takes the store's turn.
///
/// Errors: LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_store_usage(lb_store_t store, lb_usage_t *usage);

/// Gives the store so much fuel, in place of what is left, and counts from there. Takes the store's
/// turn.
///
/// Errors: LB_KIND_UNSUPPORTED if the store was made without a limit of fuel, LB_KIND_CLOSED,
/// LB_KIND_POISONED.
LB_MUST_USE
lb_error_t *lb_store_set_fuel(lb_store_t store, uint64_t fuel);

/// Ends the call that runs in this store, with LB_KIND_CANCELLED; the store is LB_KIND_POISONED then.
/// Never waits: a guest is ended within a few milliseconds, a callback that it called returns first. If
/// no call runs, nothing happens.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
LB_MUST_USE
lb_error_t *lb_store_cancel(lb_store_t store);

/// Takes what guests wrote to stdout since the last time, if it is captured; see LB_STREAM_CAPTURE.
/// Never waits, also while they run; through another handle, also when the store was closed. The
/// caller releases the bytes.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
LB_MUST_USE
lb_error_t *lb_store_stdout(lb_store_t store, lb_bytes_t *bytes);

/// The same for stderr.
LB_MUST_USE
lb_error_t *lb_store_stderr(lb_store_t store, lb_bytes_t *bytes);

/// The same for the lines about what was refused, which the member refusals of a lb_sandbox_t tells
/// about.
LB_MUST_USE
lb_error_t *lb_store_refusals(lb_store_t store, lb_bytes_t *bytes);

/// The last that guests wrote to streams that are discarded (LB_STREAM_NONE), and the last that WASI refused them, if
/// such lines are discarded too. A text for people, of at most 4 KiB of each stream, as lb_error_output() has it. It
/// stays there. Never waits, as lb_store_stdout(). The caller releases the bytes.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
LB_MUST_USE
lb_error_t *lb_store_output(lb_store_t store,
                            lb_bytes_t *bytes);

/// Collects garbage of the guests' heap. They collect by themselves when it is full; this releases
/// objects of the program's at once that only garbage holds. Takes the store's turn.
///
/// Errors: LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_store_gc(lb_store_t store);

/// Closes the store and releases the handle: everything in it answers LB_KIND_CLOSED from now on,
/// and its memory is freed as soon as no call is inside and no view is left. Never waits: a call
/// that runs in another thread is ended within a few milliseconds, with LB_KIND_CLOSED.
///
/// Closing twice is no error, also from two threads at once.
///
/// Errors: LB_KIND_TYPE if it is no handle of this kind.
lb_error_t *lb_store_close(lb_store_t store);

/// Releases the handle only. What lives in the store keeps it alive.
///
/// Errors: LB_KIND_CLOSED if it was closed or released before.
lb_error_t *lb_store_release(lb_store_t store);

// ------------------------------------------------------------------------------------------------
//
// Policies
//
// What guests may touch besides their imports: folders, environment variables, arguments, a clock,
// random numbers, the network. A new policy grants nothing; add to it what guests need. You may use
// it for any number of stores, and change it in between: a store has what was granted when it was
// made.
//
// A guest that asks for more gets an error of WASI: it is not there, or not permitted.

/// What guests may do with a folder and all that is in it: one of the LB_ACCESS_ numbers.
typedef uint32_t lb_access_t;

/// A file of a folder in memory.
typedef struct lb_file_t {
  /// Its path inside of the folder, with "/", such as "a/b.txt".
  const char *path;
  /// What is in it, which is copied; may be NULL if it is empty.
  const void *bytes;
  /// How many bytes there are.
  size_t length;
} lb_file_t;

/// Look and read.
#define LB_ACCESS_READ 1

/// Make, write, rename and remove as well.
#define LB_ACCESS_WRITE 2

/// Makes a policy that grants nothing. The caller releases it.
LB_MUST_USE
lb_error_t *lb_policy_new(lb_policy_t *policy);

/// Makes a policy that grants the real clock and secure random numbers, which most programs need to start;
/// see lb_run(). The caller releases it.
LB_MUST_USE
lb_error_t *lb_policy_new_program(lb_policy_t *policy);

/// Grants a folder of the host, under the name that guests see, such as "/data". It is opened when a
/// module that asks for WASI is instantiated, which is LB_KIND_IO if it is not there. The kernel's file
/// systems below it, such as /proc and /sys, are not given, unless this is a folder inside of one.
///
/// Errors: LB_KIND_TYPE if access is no LB_ACCESS_ number or a text has a zero byte inside (C0 80),
/// LB_KIND_CLOSED if the policy was released.
LB_MUST_USE
lb_error_t *lb_policy_dir(lb_policy_t policy,
                          const char *guest,
                          const char *host,
                          lb_access_t access);

/// Grants a folder that each store makes for itself, in memory where the system has a place for
/// that, with these count files in it at the start; it is gone with the store. The folders that
/// they are in are made. Of two files of one path the later one counts.
///
/// Errors: LB_KIND_TYPE if a path is absolute or leads out, or is that of a file and of a folder,
/// or if access is no LB_ACCESS_ number; LB_KIND_CLOSED if the policy was released.
LB_MUST_USE
lb_error_t *lb_policy_memory_dir(lb_policy_t policy,
                                 const char *guest,
                                 const struct lb_file_t *files,
                                 size_t count,
                                 lb_access_t access);

/// Grants to see a variable of the environment, with this value, whatever the process's own is.
///
/// Errors: LB_KIND_TYPE if the name is empty or has a "=", or a text has a zero byte inside (C0 80) or is
/// not UTF-8; LB_KIND_CLOSED if the policy was released.
LB_MUST_USE
lb_error_t *lb_policy_env(lb_policy_t policy,
                          const char *name,
                          const char *value);

/// Gives the count arguments that a program sees, its name first, in place of those it had.
///
/// Errors: LB_KIND_TYPE if one has a zero byte inside (C0 80) or is not UTF-8; LB_KIND_CLOSED if the
/// policy was released.
LB_MUST_USE
lb_error_t *lb_policy_args(lb_policy_t policy,
                           const char *const *args,
                           size_t count);

/// Grants no clock, as it is at the start: asking for the time is an error of WASI, and the times of
/// files are 0. A clock that is not the host's tells its own time for theirs.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
LB_MUST_USE
lb_error_t *lb_policy_clock_none(lb_policy_t policy);

/// Grants the host's clock.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
LB_MUST_USE
lb_error_t *lb_policy_clock_real(lb_policy_t policy);

/// Grants a clock that stands, at so many nanoseconds since 1970.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
LB_MUST_USE
lb_error_t *lb_policy_clock_fixed(lb_policy_t policy, uint64_t at_ns);

/// Grants a clock that starts at so many nanoseconds since 1970, and goes on by step_ns each time it
/// is asked.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
LB_MUST_USE
lb_error_t *lb_policy_clock_stepped(lb_policy_t policy,
                                    uint64_t start_ns,
                                    uint64_t step_ns);

/// Grants no random numbers, as it is at the start: asking for some is an error of WASI.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
LB_MUST_USE
lb_error_t *lb_policy_random_none(lb_policy_t policy);

/// Grants random numbers of the operating system.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
LB_MUST_USE
lb_error_t *lb_policy_random_secure(lb_policy_t policy);

/// Grants random numbers that are the same each time, from a seed. They are not for secrets.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
LB_MUST_USE
lb_error_t *lb_policy_random_seed(lb_policy_t policy, uint64_t seed);

/// Makes a policy of what both grant: never wider than either. A folder must be the same one in
/// both, one in memory must have the same files, and each keeps the lesser access; of clocks and
/// random numbers the lesser one counts, and none of two that are told apart by their numbers; a
/// variable must have the same value in both, and so must the arguments. Of networks, ports and
/// names what is in both is left. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if one of the policies was released.
LB_MUST_USE
lb_error_t *lb_policy_restrict(lb_policy_t policy, lb_policy_t by, lb_policy_t *restricted);

/// Whether everything that the other policy grants is granted here. What only several grants of the
/// network grant together, such as two ranges of ports that meet, counts as not granted. False if
/// either is no handle of a policy.
bool lb_policy_allows(lb_policy_t policy, lb_policy_t other);

/// Whether both grant the same. False if either is no handle of a policy.
bool lb_policy_same(lb_policy_t policy, lb_policy_t other);

/// Makes a policy of its own that grants the same. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
LB_MUST_USE
lb_error_t *lb_policy_clone(lb_policy_t policy, lb_policy_t *clone);

/// Writes the policy as JSON, the same bytes in every host language, to a buffer of size bytes, cut
/// short and ended by a zero byte as snprintf does. length (or NULL) receives the whole length without
/// the zero byte.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
LB_MUST_USE
lb_error_t *lb_policy_to_json(lb_policy_t policy,
                              char *json,
                              size_t size,
                              size_t *length);

/// Reads a policy from JSON. Keys that are not there grant nothing. The caller releases it.
///
/// Errors: LB_KIND_TYPE, saying which key is unknown or wrong.
LB_MUST_USE
lb_error_t *lb_policy_from_json(const char *json, lb_policy_t *policy);

/// Reads a policy from a file of JSON. The caller releases it.
///
/// Errors: LB_KIND_IO if the file cannot be read, else as lb_policy_from_json().
LB_MUST_USE
lb_error_t *lb_policy_from_file(const char *path, lb_policy_t *policy);

/// Releases the handle. Stores keep what they were made with.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_policy_release(lb_policy_t policy);

// ------------------------------------------------------------------------------------------------
//
// Grants of the network
//
// What a policy grants of the network, and the questions by which that is judged. No function of
// WASI preview 1 opens a connection, so guests of it reach no network whatever is granted here.
//
// A network is an address or has the form "10.0.0.0/8". Ports are a text: "443", "8000-8999" or
// "*", which is all of them.

/// Grants to connect by TCP to a network.
///
/// Errors: LB_KIND_TYPE if it is no network or these are no ports, LB_KIND_CLOSED if the policy was
/// released; so for all grants below.
LB_MUST_USE
lb_error_t *lb_policy_tcp_connect(lb_policy_t policy, const char *network, const char *ports);

/// Grants to wait for connections by TCP at addresses of this machine.
LB_MUST_USE
lb_error_t *lb_policy_tcp_bind(lb_policy_t policy, const char *network, const char *ports);

/// Grants to send to a network by UDP, and to receive from it.
LB_MUST_USE
lb_error_t *lb_policy_udp_connect(lb_policy_t policy, const char *network, const char *ports);

/// Grants to receive by UDP at addresses of this machine.
LB_MUST_USE
lb_error_t *lb_policy_udp_bind(lb_policy_t policy, const char *network, const char *ports);

/// Grants to resolve a name and to connect by TCP to the addresses that come back, at these ports.
/// "*.example.org" stands for all names below that one, without itself, "*" for any. Whoever
/// answers for the name chooses the addresses, ones of this machine included.
///
/// LB_KIND_TYPE if it is no name of a host. Other letters than ASCII are written as "xn--".
LB_MUST_USE
lb_error_t *lb_policy_name(lb_policy_t policy, const char *name, const char *ports);

/// Grants requests by HTTP. The scheme is "http", "https" or "*"; the host is an address or a name
/// as in lb_policy_name(); the method is written as it is sent, or "*". It grants no connections of
/// the guest's own.
LB_MUST_USE
lb_error_t *lb_policy_http(lb_policy_t policy,
                           const char *scheme,
                           const char *host,
                           const char *ports,
                           const char *method);

/// Tells whether a guest may connect to an address by TCP. An IPv4 address in IPv6 clothes counts
/// as what it is, and the address of no machine ("0.0.0.0", "::") as this machine, which is what
/// systems take it for.
///
/// Errors: LB_KIND_TYPE if it is no address, LB_KIND_CLOSED if the policy was released; so for all
/// questions below. allowed is false then.
LB_MUST_USE
lb_error_t *lb_policy_allows_tcp_connect(lb_policy_t policy,
                                         const char *address,
                                         uint16_t port,
                                         bool *allowed);

/// Tells whether a guest may wait for connections at an address. "0.0.0.0" means all addresses of
/// IPv4 and needs a grant of "0.0.0.0/0"; "::" all those of IPv6 alone, with "::/0".
LB_MUST_USE
lb_error_t *lb_policy_allows_tcp_bind(lb_policy_t policy,
                                      const char *address,
                                      uint16_t port,
                                      bool *allowed);

/// Tells whether a guest may send to an address by UDP. See lb_policy_allows_tcp_connect().
LB_MUST_USE
lb_error_t *lb_policy_allows_udp_connect(lb_policy_t policy,
                                         const char *address,
                                         uint16_t port,
                                         bool *allowed);

/// Tells whether a guest may receive at an address by UDP. See lb_policy_allows_tcp_bind().
LB_MUST_USE
lb_error_t *lb_policy_allows_udp_bind(lb_policy_t policy,
                                      const char *address,
                                      uint16_t port,
                                      bool *allowed);

/// Tells whether a guest may resolve a name. Large letters are small ones, and a dot at the end
/// does not count.
LB_MUST_USE
lb_error_t *lb_policy_allows_name(lb_policy_t policy, const char *name, bool *allowed);

/// Tells whether a guest may connect by TCP to an address that this name resolved to.
LB_MUST_USE
lb_error_t *lb_policy_allows_name_port(lb_policy_t policy,
                                       const char *name,
                                       uint16_t port,
                                       bool *allowed);

/// Tells whether a guest may make a request by HTTP.
LB_MUST_USE
lb_error_t *lb_policy_allows_http(lb_policy_t policy,
                                  const char *scheme,
                                  const char *host,
                                  uint16_t port,
                                  const char *method,
                                  bool *allowed);

// ------------------------------------------------------------------------------------------------
//
// Sandboxes
//
// A sandbox says what the guests of a store may touch, how much they may use, and where their standard
// streams go. A module of WASI preview 1 needs nothing else: it can import the functions of WASI, which do as much
// as the policy grants. If you define an import of the same name, yours counts.

/// What guests of a store may do. Begin with LB_SANDBOX, which grants nothing, limits nothing and discards
/// output, and change what you like:
///
///     lb_sandbox_t sandbox = LB_SANDBOX;
///     sandbox.limits = &limits;
///     sandbox.out.to = LB_STREAM_CAPTURE;
typedef struct lb_sandbox_t {
  /// sizeof(lb_sandbox_t), by which the library knows what the program knew.
  size_t size;
  /// What guests may touch, as it is now; the handle 0 grants nothing. It stays the caller's.
  lb_policy_t policy;
  /// How much they may use, or NULL.
  const lb_limits_t *limits;
  /// Their stdin.
  lb_input_t in;
  /// Their stdout.
  lb_output_t out;
  /// Their stderr.
  lb_output_t err;
  /// Where lines about what WASI refused them go, each such as
  ///
  ///     refused: path_open "../x" below "/data": not permitted
  ///
  /// Inherited means the process's stderr. They are not counted as output; after 10,000 lines a
  /// store tells no more. What a guest chose in them has no control characters.
  lb_output_t refusals;
} lb_sandbox_t;

/// Makes an empty store with a sandbox. engine and sandbox may be NULL. The caller closes or
/// releases it.
///
/// Errors: as lb_store_new(); LB_KIND_TYPE for a wrong number, or NULL where something is needed;
/// LB_KIND_UNSUPPORTED for a timeout if the engine is not interruptible; LB_KIND_CLOSED if the policy
/// was released.
LB_MUST_USE
lb_error_t *lb_store_new_with(const lb_engine_t *engine,
                              const struct lb_sandbox_t *sandbox,
                              lb_store_t *store);

/// Makes an instance of a module, in a store of its own with a sandbox, and runs its start function,
/// for which the sandbox holds too. imports and sandbox may be NULL. The caller closes or releases it.
///
/// Errors: as lb_instance_new() and lb_store_new_with(), those of the limits, and LB_KIND_IO for a file
/// or folder that cannot be opened.
LB_MUST_USE
lb_error_t *lb_instance_new_with(lb_module_t module,
                                 const lb_imports_t *imports,
                                 const struct lb_sandbox_t *sandbox,
                                 lb_instance_t *instance);

// The defaults, for initialisers.
#define LB_OUTPUT { LB_STREAM_NONE, NULL, NULL, NULL, NULL }
#define LB_SANDBOX                                                        \
  { sizeof(lb_sandbox_t), { 0 }, NULL, { LB_STREAM_NONE, NULL, NULL, 0 }, \
    LB_OUTPUT, LB_OUTPUT, LB_OUTPUT }

// ------------------------------------------------------------------------------------------------
//
// Programs
//
// A program of WASI, run from its start to its end:
//
//     const char *args[] = { "--verbose", "in.txt" };
//     int32_t exit_code;
//     lb_error_t *err = lb_run(NULL, "app.wasm", args, 2, NULL, &exit_code);

/// Runs a program, as `docker run` would, and gives its exit code, 0 if it just ends. It has the process's
/// own streams, nargs arguments (the file's name comes before them), the real clock and secure random
/// numbers, and nothing else.
///
/// sandbox may be NULL, or says what it has instead: begin with LB_PROGRAM, which has the streams. If its
/// policy is the handle 0 there are the clock and the random numbers still. If nargs is 0 the arguments of
/// the policy stay, if it has any. engine may be NULL.
///
/// Errors: LB_KIND_NOT_FOUND if the module is no program, else as lb_module_load_file(),
/// lb_instance_new_with() and lb_instance_run(). An exit code is no error.
LB_MUST_USE
lb_error_t *lb_run(const lb_engine_t *engine,
                   const char *path,
                   const char *const *args,
                   size_t nargs,
                   const lb_sandbox_t *sandbox,
                   int32_t *exit_code);

// The process's own streams, to begin a sandbox of lb_run() with.
#define LB_INHERIT { LB_STREAM_INHERIT, NULL, NULL, NULL, NULL }
#define LB_PROGRAM                                                           \
  { sizeof(lb_sandbox_t), { 0 }, NULL, { LB_STREAM_INHERIT, NULL, NULL, 0 }, \
    LB_INHERIT, LB_INHERIT, LB_OUTPUT }

// ------------------------------------------------------------------------------------------------
//
// Asynchronous calls
//
// A call may run on a thread of the library's, so that yours need not wait. Any number may be in flight.
// Calls of one store run one after the other, in the order in which you made them. Calls of different
// stores run at the same time, on as many threads as lb_engine_options_t says; a store that is busy blocks
// one of these at most. Host functions run on that thread too, which has about 1.5 MiB of stack for them.
//
//     lb_call_t call;
//     lb_error_t *err = lb_func_call_async(add, args, 2, &call, NULL, NULL);
//     // ... do something else ...
//     if (!err) err = lb_call_wait(call, result, 1);
//     lb_error_free(lb_call_release(call));
//
// The functions that start a call copy its arguments and never wait. They fail at once if something is wrong
// with what you pass. All that fails later is the outcome of the call. You may release the handle of the call, and
// those that it was made from: the call goes on. If its store is closed, it ends with LB_KIND_CLOSED. If the
// process exits, calls in flight end with it, and their done functions are not called.

/// Called with the outcome of a call, once: with an error and no results, or with NULL and its count
/// results. data is what it was handed over with. The error and the references in results are valid until the
/// function returns: clone what you want to keep.
///
/// Runs on a thread of the library's, or on the thread that cancels a call which has not begun. It may
/// call any function of this header, and should be short: asynchronous calls of the same store wait for it,
/// so it must not wait for one of them.
///
/// Must return: no C++ exception, no longjmp and no pthread_exit may leave it.
typedef void (*lb_done_t)(void *data,
                          const lb_error_t *error,
                          const lb_value_t *results,
                          size_t count);

/// Calls a function as lb_func_call() does, on a thread of the library's. The caller keeps the references
/// in args. call (or NULL) receives a handle of the call, which the caller releases, and which is there
/// before done is called. done (or NULL) is called with data once the call is over, and never inside of
/// this function; if this function fails, it is not called.
///
/// Errors: LB_KIND_TYPE if nargs is wrong or args holds no values, LB_KIND_CLOSED if the function was
/// released, LB_KIND_LIMIT if no thread can be started. All else is the outcome of the call, as of
/// lb_func_call().
LB_MUST_USE
lb_error_t *lb_func_call_async(lb_func_t func,
                               const lb_value_t *args,
                               size_t nargs,
                               lb_call_t *call,
                               lb_done_t done,
                               void *data);

/// Calls an exported function by name on a thread of the library's; else as lb_func_call_async().
///
/// Errors: LB_KIND_NOT_FOUND if there is no function of this name, LB_KIND_CLOSED if the instance was
/// closed, else as lb_func_call_async().
LB_MUST_USE
lb_error_t *lb_instance_call_async(lb_instance_t instance,
                                   const char *name,
                                   const lb_value_t *args,
                                   size_t nargs,
                                   lb_call_t *call,
                                   lb_done_t done,
                                   void *data);

/// Runs a program of WASI on a thread of the library's; see lb_instance_run(). The outcome is one result,
/// its exit code as an i32. Else as lb_func_call_async().
///
/// Errors: LB_KIND_CLOSED if the instance was closed or released, LB_KIND_LIMIT if no thread can be
/// started. All else is the outcome.
LB_MUST_USE
lb_error_t *lb_instance_run_async(lb_instance_t instance,
                                  lb_call_t *call,
                                  lb_done_t done,
                                  void *data);

/// Ends this call and no other, with LB_KIND_CANCELLED. One that has not begun never runs: its done
/// function is called here and now, and nothing else has happened. One that runs is ended as by
/// lb_store_cancel(), and its store is LB_KIND_POISONED then. Never waits. If the call is over, nothing
/// happens.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
LB_MUST_USE
lb_error_t *lb_call_cancel(lb_call_t call);

/// Waits until the call is over, and writes its nresults results. The caller releases the references in
/// them. May be called any number of times, and from several threads: each gets references of its own.
/// The done function may still be running when this returns.
///
/// Errors: what the call failed with, of which each caller gets an error of its own; LB_KIND_TYPE if
/// nresults is not the number of results; LB_KIND_DEADLOCK in a host function of the store that the call
/// is to run in; LB_KIND_CLOSED if the handle was released.
LB_MUST_USE
lb_error_t *lb_call_wait(lb_call_t call,
                         lb_value_t *results,
                         size_t nresults);

/// Waits until the call is over, for at most so many milliseconds; is_done receives whether it is. What
/// it failed with is told by lb_call_wait().
///
/// Errors: LB_KIND_CLOSED if the handle was released.
LB_MUST_USE
lb_error_t *lb_call_wait_for(lb_call_t call,
                             uint64_t timeout_ms,
                             bool *is_done);

/// Whether the call is over. False if it is no handle of a call.
bool lb_call_is_done(lb_call_t call);

/// How many results the call has. Waits until it is over.
///
/// Errors: as lb_call_wait().
LB_MUST_USE
lb_error_t *lb_call_result_count(lb_call_t call, size_t *count);

/// Has a function called with the outcome, beside the one that the call was started with. If the call is
/// over, it is called here and now.
///
/// Errors: LB_KIND_TYPE if done is NULL, LB_KIND_CLOSED if the handle was released; done is not called
/// then.
LB_MUST_USE
lb_error_t *lb_call_on_done(lb_call_t call,
                            lb_done_t done,
                            void *data);

/// Releases the handle. The call goes on, and its done function is called.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_call_release(lb_call_t call);

// ------------------------------------------------------------------------------------------------
//
// Asynchronous loading
//
// Compiling a large module takes seconds. It may be done on a thread of the library's, of which there are
// two an engine for that: calls never wait for them.
//
//     lb_load_t load;
//     lb_error_t *err = lb_module_load_file_async(NULL, "large.wasm", &load, NULL, NULL);
//     // ... do something else ...
//     if (!err) err = lb_load_wait(load, &module);
//     lb_error_free(lb_load_release(load));

/// Called with the outcome of loading, once: with an error and no module, or with NULL and a module, which
/// the function releases. data is what it was handed over with. The error is valid until the
/// function returns.
///
/// Runs on a thread of the library's, or on the thread that cancels what has not begun. It may call any
/// function of this header.
///
/// Must return: no C++ exception, no longjmp and no pthread_exit may leave it.
typedef void (*lb_loaded_t)(void *data, const lb_error_t *error, lb_module_t module);

/// Compiles a module from a file on a thread of the library's, and does not wait. engine may be NULL. load
/// (or NULL) receives a handle, which the caller releases, and which is there before done is called. done
/// (or NULL) is called with data once there is an outcome, and never inside of this function; if this
/// function fails, it is not called.
///
/// Errors: LB_KIND_LIMIT if no thread can be started. All else is the outcome, as of lb_module_load_file().
LB_MUST_USE
lb_error_t *lb_module_load_file_async(const lb_engine_t *engine,
                                      const char *path,
                                      lb_load_t *load,
                                      lb_loaded_t done,
                                      void *data);

/// The same from WebAssembly text, which is copied.
///
/// Errors: as lb_module_load_file_async(). All else is the outcome, as of lb_module_load_text().
LB_MUST_USE
lb_error_t *lb_module_load_text_async(const lb_engine_t *engine,
                                      const char *source,
                                      lb_load_t *load,
                                      lb_loaded_t done,
                                      void *data);

/// The same from length bytes in memory, which are copied.
///
/// Errors: as lb_module_load_file_async(). All else is the outcome, as of lb_module_load_bytes().
LB_MUST_USE
lb_error_t *lb_module_load_bytes_async(const lb_engine_t *engine,
                                       const uint8_t *bytes,
                                       size_t length,
                                       lb_load_t *load,
                                       lb_loaded_t done,
                                       void *data);

/// Ends the waiting with LB_KIND_CANCELLED: the done function is called here and now. What has not begun
/// is never done; what has is done to its end, and nobody hears of it. If there is an outcome, nothing
/// happens.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
LB_MUST_USE
lb_error_t *lb_load_cancel(lb_load_t load);

/// Waits for the outcome. module receives a handle of its own each time, which the caller releases.
///
/// Errors: as of lb_module_load_file(); LB_KIND_CANCELLED; LB_KIND_CLOSED if the handle was released.
LB_MUST_USE
lb_error_t *lb_load_wait(lb_load_t load,
                         lb_module_t *module);

/// Whether there is an outcome. False if it is no such handle.
bool lb_load_is_done(lb_load_t load);

/// Has a function called with the outcome, beside the one that loading was started with. If there is an
/// outcome, it is called here and now.
///
/// Errors: LB_KIND_TYPE if done is NULL, LB_KIND_CLOSED if the handle was released; done is not called
/// then.
LB_MUST_USE
lb_error_t *lb_load_on_done(lb_load_t load,
                            lb_loaded_t done,
                            void *data);

/// Releases the handle. Loading goes on, and its done function is called.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_load_release(lb_load_t load);

// ------------------------------------------------------------------------------------------------
//
// Functions that answer later
//
// A host function may wait until another thread answers, such as that of an event loop. It makes a loan of its call,
// hands that to the other thread, and waits.
//
//     lb_error_t *fetch(void *loop, const lb_context_t *context, const lb_value_t *args, size_t nargs,
//                       lb_value_t *results, size_t nresults) {
//       lb_loan_t loan;
//       lb_error_t *err = lb_context_lend(context, &loan);
//       if (err) return err;
//       post(loop, args[0].of.i32, loan);  // the loop's thread calls lb_loan_answer(loan, ...) when it likes
//       err = lb_loan_wait(loan, results, nresults);
//       lb_error_free(lb_loan_release(loan));
//       return err;
//     }
//
// A deadline, cancelling and closing end the call while it waits, too: lb_loan_wait() returns then, and an answer that
// comes later is LB_KIND_CLOSED. Copy what the other thread needs of the arguments: they are valid in the host function
// only.

/// What is run on the thread that a guest's thread works for; see lb_loan_reach(). Must return: no C++
/// exception, no longjmp and no pthread_exit may leave it.
typedef void (*lb_job_t)(void *data);

/// Lends the call of the host function that runs, to be answered by another thread. The caller releases the
/// loan.
LB_MUST_USE
lb_error_t *lb_context_lend(const lb_context_t *context,
                            lb_loan_t *loan);

/// In the host function that made it, on its thread: waits for the answer, and writes it to the results of the
/// host function. Other threads may use the store meanwhile, if they entered the loan.
///
/// Errors: what was answered by lb_loan_fail(); LB_KIND_TIMEOUT, LB_KIND_CANCELLED or LB_KIND_CLOSED as soon as
/// the call is over, which the host function returns; LB_KIND_TYPE if another number of results was answered;
/// LB_KIND_UNSUPPORTED on another thread; LB_KIND_CLOSED if it was waited for before, or released.
LB_MUST_USE
lb_error_t *lb_loan_wait(lb_loan_t loan,
                         lb_value_t *results,
                         size_t nresults);

/// Answers the guest, from any thread, with as many results as the function has. The caller keeps the
/// references in results. Values of wrong types are an error of the guest's call.
///
/// Errors: LB_KIND_CLOSED if nobody waits any more: it was answered before, the call is over, the process was
/// forked, or the loan was released; LB_KIND_TYPE if results holds no values, and it is not answered then.
LB_MUST_USE
lb_error_t *lb_loan_answer(lb_loan_t loan,
                           const lb_value_t *results,
                           size_t nresults);

/// Answers the guest with an error, as if the host function had returned it. It is the library's from now on.
///
/// Errors: as lb_loan_answer(), and LB_KIND_TYPE if error is NULL.
LB_MUST_USE
lb_error_t *lb_loan_fail(lb_loan_t loan,
                         lb_error_t *error);

/// Whether the guest waits for an answer. False if it is no such handle.
bool lb_loan_is_open(lb_loan_t loan);

/// On another thread than the guest's: from now on what it does with the stores that the guest's thread is
/// inside of is done there, as if a host function did it, until lb_loan_leave(). Without, it would wait for them
/// until the guest is answered. The two go in pairs; what is not left is let go when the thread ends.
///
/// Errors: LB_KIND_CLOSED if the loan was released.
LB_MUST_USE
lb_error_t *lb_loan_enter(lb_loan_t loan);

/// The end of lb_loan_enter(), on the same thread; call it before the loan is released. If it was not entered,
/// nothing happens.
///
/// Errors: LB_KIND_CLOSED if the loan was released.
LB_MUST_USE
lb_error_t *lb_loan_leave(lb_loan_t loan);

/// On the guest's thread, before lb_loan_wait(): if it works for another thread, which waits for it inside of
/// lb_loan_enter(), has job called there with data, and does not wait for it; reached receives whether there is
/// such a thread. If there is none, job is not called. Jobs run one after the other.
///
/// Errors: LB_KIND_TYPE if job is NULL, LB_KIND_CLOSED if the loan was released; job is not called then.
LB_MUST_USE
lb_error_t *lb_loan_reach(lb_loan_t loan,
                          lb_job_t job,
                          void *data,
                          bool *reached);

/// Whether this thread does the work of another one, which waits for it and so can do nothing else: an event
/// loop there does not turn, and answers nothing but what lb_loan_reach() brings it.
bool lb_thread_is_serving(void);

/// Releases the handle. It is not an answer: a guest that waits goes on waiting. What comes later is told
/// LB_KIND_CLOSED.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_loan_release(lb_loan_t loan);

// ------------------------------------------------------------------------------------------------
//
// Pools
//
// A pool keeps ready instances of one module, each in a store of its own, for callers that run in
// parallel. It may be used from any thread. Its calls are short: take an instance, use it, give it back.
//
//     lb_pool_t pool; lb_instance_t one;
//     lb_error_t *err = lb_pool_new(module, NULL, NULL, NULL, &pool);
//     if (!err) err = lb_pool_get(pool, &one);
//     if (!err) err = lb_instance_call(one, "handle", args, 1, result, 1);
//     lb_error_free(lb_instance_close(one));

/// What becomes of an instance that is given back: one of the LB_RESET_ numbers.
typedef uint32_t lb_reset_t;

/// How a pool is kept. Begin with LB_POOL_OPTIONS and change what you like:
///
///     lb_pool_options_t options = LB_POOL_OPTIONS;
///     options.max = 16;
typedef struct lb_pool_options_t {
  /// sizeof(lb_pool_options_t), by which the library knows what the program knew.
  size_t size;
  /// The most instances at a time, at least 1; LB_POOL_CORES is the default.
  size_t max;
  /// Milliseconds to wait for an instance when all are taken, by default 30000; then LB_KIND_BUSY.
  uint64_t wait_ms;
  /// LB_RESET_FRESH or LB_RESET_REUSE.
  lb_reset_t reset;
} lb_pool_options_t;

/// What a pool has now, and has done. Begin with LB_POOL_COUNTS, for lb_pool_counts() to fill in.
typedef struct lb_pool_counts_t {
  /// sizeof(lb_pool_counts_t), by which the library knows what the program knew.
  size_t size;
  /// Instances that are ready.
  uint64_t ready;
  /// Instances that are taken.
  uint64_t taken;
  /// Callers that wait for one.
  uint64_t waiting;
  /// Instances that were ever made.
  uint64_t made;
  /// How often one was taken.
  uint64_t served;
  /// Instances that were ever made in slots, see pool_slots of lb_engine_options_t; the others were made on demand.
  uint64_t in_slots;
} lb_pool_counts_t;

/// It is closed, and a fresh one takes its place: no caller sees what another left behind.
#define LB_RESET_FRESH 0

/// It is used again as it is, with its limits of fuel and output as at first; a fresh one takes its place
/// if it was closed or poisoned. For guests that are trusted to keep callers apart.
#define LB_RESET_REUSE 1

/// Makes a pool of instances of a module, which import and are closed in as those of
/// lb_instance_new_with(). imports, sandbox and options may be NULL. One instance is made at once, so
/// that what is wrong with the module or its imports shows here; further ones when they are needed. The
/// limits of the sandbox hold for each instance. Its streams are shared: data for them is dropped once the
/// pool is gone, and its last instance. The caller releases the pool.
///
/// Errors: LB_KIND_RANGE if max is 0, LB_KIND_TYPE for a wrong number, and as lb_instance_new_with().
LB_MUST_USE
lb_error_t *lb_pool_new(lb_module_t module,
                        const lb_imports_t *imports,
                        const lb_sandbox_t *sandbox,
                        const struct lb_pool_options_t *options,
                        lb_pool_t *pool);

/// Takes an instance. The caller gives it back with lb_instance_close(), or by releasing it. What was got
/// from it, such as functions and memories, must not be used after that: with LB_RESET_REUSE they lead
/// into an instance that somebody else has.
///
/// Errors: LB_KIND_BUSY if none was given back in time, LB_KIND_CLOSED, what making one failed with.
LB_MUST_USE
lb_error_t *lb_pool_get(lb_pool_t pool,
                        lb_instance_t *instance);

/// Takes an instance, calls an exported function of it by name, and gives it back. References in the
/// results are of a store that is closed by then, unless instances are reused.
///
/// Errors: as lb_pool_get() and lb_instance_call().
LB_MUST_USE
lb_error_t *lb_pool_call(lb_pool_t pool,
                         const char *name,
                         const lb_value_t *args,
                         size_t nargs,
                         lb_value_t *results,
                         size_t nresults);

/// The same on a thread of the library's; else as lb_func_call_async(). Any number may be in flight: as
/// many run at a time as the pool has room for.
///
/// Errors: LB_KIND_TYPE if args holds no values, LB_KIND_CLOSED if the handle was released, LB_KIND_LIMIT
/// if no thread can be started. All else is the outcome of the call, as of lb_pool_call().
LB_MUST_USE
lb_error_t *lb_pool_call_async(lb_pool_t pool,
                               const char *name,
                               const lb_value_t *args,
                               size_t nargs,
                               lb_call_t *call,
                               lb_done_t done,
                               void *data);

/// Tells what a pool has now, and has done, also after it was closed. counts begins as LB_POOL_COUNTS; on
/// an error it is zero but for its size.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
LB_MUST_USE
lb_error_t *lb_pool_counts(lb_pool_t pool,
                           struct lb_pool_counts_t *counts);

/// Closes the pool, but keeps the handle: its ready instances are closed now, those that are taken when
/// they are given back, and callers that wait get LB_KIND_CLOSED. Never waits: lb_pool_counts() tells what
/// is still taken. Closing twice is no error.
///
/// Errors: LB_KIND_TYPE if it is no handle of this kind.
lb_error_t *lb_pool_close(lb_pool_t pool);

/// Releases the handle. Calls in flight go on. Then the ready instances are closed, and those that are
/// taken when they are given back.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_pool_release(lb_pool_t pool);

// As many instances as the machine has cores.
#define LB_POOL_CORES SIZE_MAX

// The defaults, for initialisers.
#define LB_POOL_OPTIONS { sizeof(lb_pool_options_t), LB_POOL_CORES, 30000, LB_RESET_FRESH }
#define LB_POOL_COUNTS { sizeof(lb_pool_counts_t), 0, 0, 0, 0, 0, 0 }

// ------------------------------------------------------------------------------------------------
//
// Engines
//
// An engine compiles modules. Where a function takes an engine, NULL stands for one that all
// share, made at first use; most programs never make another.

/// How an engine is made. Begin with LB_ENGINE_OPTIONS and change what you like:
///
///     lb_engine_options_t options = LB_ENGINE_OPTIONS;
///     options.stack_bytes = 1 << 20;
typedef struct lb_engine_options_t {
  /// sizeof(lb_engine_options_t), by which the library knows what the program knew.
  size_t size;
  /// Bytes of native stack a call may use at most; 0 for the default, 512 KiB. A thread with a
  /// smaller stack gives less.
  size_t stack_bytes;
  /// Whether a running guest can be interrupted. Costs a check at each loop iteration and
  /// function entry of the guest; without it closing and cancelling wait for the guest to return.
  bool interruptible;
  /// Where compiled code is kept for the next process: NULL for the user's cache folder, "off"
  /// for nowhere, else a folder. It is kept in landbridge/modules of the folder, which is made if
  /// it is not there; nothing else in the folder is touched. The cache is not used where others
  /// could change its files: if the folder or one above it belongs to another user than this one
  /// or root, or if its group or others may write to it. A sticky folder, such as /tmp, may be
  /// above it. A cache that cannot be used is never an error: then modules are compiled.
  const char *cache;
  /// Whether modules may use 128-bit sums and products of 64-bit integers, a proposal that is not
  /// part of WebAssembly 3.0.
  bool wide_arithmetic;
  /// Whether modules may have memories in pages of one byte, a proposal that is not part of
  /// WebAssembly 3.0.
  bool custom_page_sizes;
  /// The most threads that run asynchronous calls at a time, at least 1; 0 for the default, 4
  /// more than the machine has cores, and 32 at most. Each is started when it is needed, and ends
  /// when it had nothing to do for 10 seconds. A guest that waits for an asynchronous host
  /// function holds one.
  size_t call_threads;
  /// Whether traps may come by signals of the operating system (exceptions on Windows). Without,
  /// guests' code checks each access of memory, each division and each null itself and runs
  /// slower, and no handler is installed by this engine: for programs whose own handlers cannot
  /// live with others. The traps are the same ones.
  bool signal_handlers;
  /// How much more work compiling a module may be than its size explains; 0 for the default,
  /// 1,000,000, and UINT64_MAX for no bound. It keeps a small module from holding the compiler
  /// for minutes or taking all memory. A unit is about a microsecond of one core or 250 bytes
  /// that are held, whichever is more. Each byte of a function explains 8 units, any other byte
  /// 2; lb_inspection_compile_cost() reports what a module costs. One that costs more is refused
  /// (LB_KIND_LIMIT) before anything is compiled; what a cache or a precompiled file holds is
  /// loaded whatever it costs.
  uint64_t compile_cost;
  /// How many bytes a memory may grow to, and how much address space it takes; 0 for the default,
  /// 4 GiB. With the default each memory takes all of it, and code need not check addresses of 32
  /// bits. With less, code checks each address and runs slower, and a memory takes only what it
  /// can need: this option, its declared maximum or what memory_bytes of lb_limits_t leaves,
  /// whichever is least; a memory that starts larger has the size it starts with. With more,
  /// 64-bit memories may grow to this size; with the default a 64-bit memory may grow to 64 GiB
  /// if it is the first of its store. Where the process may have less than 64 GiB of address
  /// space (RLIMIT_AS, ulimit -v), the default is a sixteenth of that.
  uint64_t memory_reservation_bytes;
  /// Whether results are the same bits on every machine: NaNs are canonical, and relaxed vector
  /// instructions do the same everywhere. Code with floats runs a little slower.
  bool deterministic;
  /// How many instances of pools can be in slots at a time; 0 for the default, none. A slot is
  /// room that the engine keeps ready, so an instance in it is made several times faster. A slot
  /// takes 8 to 12 GiB of address space, and memory only for what is used in it. Where the
  /// process has less address space, there are fewer slots. An instance that does not fit, or for
  /// which no slot is free, is made without one; the counts of a pool say how many were made in
  /// slots. The guide to pools says what fits.
  size_t pool_slots;
} lb_engine_options_t;

/// Makes an engine. options may be NULL. The caller releases it.
///
/// Errors: LB_KIND_UNSUPPORTED if the options contradict each other or this machine cannot run it.
LB_MUST_USE
lb_error_t *lb_engine_new(const struct lb_engine_options_t *options, lb_engine_t *engine);

/// Releases the handle. Modules of this engine keep it alive.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_engine_release(lb_engine_t engine);

// The defaults, for initialisers.
#define LB_ENGINE_OPTIONS { sizeof(lb_engine_options_t), 0, true, NULL, false, false, 0, true, 0, 0, false, 0 }

// ------------------------------------------------------------------------------------------------
//
// Inspection
//
// What a module is and what it imports, without compiling it. It may use features that the engine does
// not have: you see which, and only loading it fails.
//
// All arrays below have count elements and live as long as the handle.

/// Something that a module asks of WASI.
typedef struct lb_ask_t {
  /// "args", "env", "clock", "random", "files", "stdin", "streams", "poll", "exit", "sockets",
  /// "signals", "yield" or "http". "stdin" and "streams" may mean files where "files" is told too; stdout
  /// and stderr are "streams", since one function writes to both.
  const char *what;
  /// The functions it asks by, in the order of its imports.
  const char *const *functions;
  /// How many functions there are.
  size_t count;
} lb_ask_t;

/// A section that is not part of the standard.
typedef struct lb_custom_section_t {
  /// Its name; several sections may have the same.
  const char *name;
  /// What it holds.
  const uint8_t *bytes;
  /// How many bytes there are.
  size_t length;
} lb_custom_section_t;

/// Something that took part in making a module.
typedef struct lb_producer_t {
  /// "language", "sdk" or "processed-by".
  const char *field;
  /// Its name, such as "Rust".
  const char *name;
  /// Its version.
  const char *version;
} lb_producer_t;

/// Inspects a module's bytes, which are not needed afterwards. The caller releases the inspection.
///
/// Errors: LB_KIND_COMPILE if they are no valid module; the message says where.
LB_MUST_USE
lb_error_t *lb_inspect_bytes(const uint8_t *bytes, size_t length, lb_inspection_t *inspection);

/// Inspects WebAssembly text that ends with a zero byte. Else as lb_inspect_bytes().
LB_MUST_USE
lb_error_t *lb_inspect_text(const char *source, lb_inspection_t *inspection);

/// Inspects what a string names or is, as lb_module_load() takes it. Else as lb_inspect_bytes().
///
/// Errors: LB_KIND_IO if the file cannot be read, LB_KIND_COMPILE.
LB_MUST_USE
lb_error_t *lb_inspect(const char *source, lb_inspection_t *inspection);

/// Inspects a file of bytes or of WebAssembly text. Else as lb_inspect_bytes().
///
/// Errors: LB_KIND_IO if the file cannot be read, LB_KIND_COMPILE.
LB_MUST_USE
lb_error_t *lb_inspect_file(const char *path, lb_inspection_t *inspection);

/// The name in the module's name section, or NULL. Lives as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the inspection was released, as for all below.
LB_MUST_USE
lb_error_t *lb_inspection_name(lb_inspection_t inspection, const char **name);

/// What the module was built for, if its imports tell of a host that is neither WASI nor one of its
/// own, such as JavaScript, and what to do, in a sentence; else NULL. Lives as long as the handle.
LB_MUST_USE
lb_error_t *lb_inspection_built_for(lb_inspection_t inspection, const char **built_for);

/// What a component imports and exports, as text of WIT for people to read, with what is written about it; NULL for a
/// core module. All of it is in lb_inspection_json() as data, as "world". Lives as long as the handle.
LB_MUST_USE
lb_error_t *lb_inspection_wit(lb_inspection_t inspection,
                              const char **wit);

/// All of it as JSON, the same bytes in every host language: an object of "asks", "built_for",
/// "compile_cost", "custom_sections", "exports", "features", "imports", "memories", "name", "producers",
/// "target_features" and "world". Of a custom section there is how many bytes it has. Lives as long as the handle.
LB_MUST_USE
lb_error_t *lb_inspection_json(lb_inspection_t inspection,
                               const char **json);

/// What the module asks its host for, in its own order.
LB_MUST_USE
lb_error_t *lb_inspection_imports(lb_inspection_t inspection,
                                  const lb_import_t **imports,
                                  size_t *count);

/// What the module asks of WASI, as far as its imports tell. What else it imports, its host must
/// lend.
LB_MUST_USE
lb_error_t *lb_inspection_asks(lb_inspection_t inspection,
                               const struct lb_ask_t **asks,
                               size_t *count);

/// What the module exports, in its own order.
LB_MUST_USE
lb_error_t *lb_inspection_exports(lb_inspection_t inspection,
                                  const lb_export_t **exports,
                                  size_t *count);

/// All its memories, imported ones first, with their limits.
LB_MUST_USE
lb_error_t *lb_inspection_memories(lb_inspection_t inspection,
                                   const lb_memory_type_t **memories,
                                   size_t *count);

/// The features beyond WebAssembly 1.0 without which it is not valid, by the names of their
/// proposals.
LB_MUST_USE
lb_error_t *lb_inspection_features(lb_inspection_t inspection,
                                   const char *const **features,
                                   size_t *count);

/// The sections that are not part of the standard, in the module's order.
LB_MUST_USE
lb_error_t *lb_inspection_custom_sections(lb_inspection_t inspection,
                                          const struct lb_custom_section_t **sections,
                                          size_t *count);

/// What made it, as its producers section says.
LB_MUST_USE
lb_error_t *lb_inspection_producers(lb_inspection_t inspection,
                                    const struct lb_producer_t **producers,
                                    size_t *count);

/// The features its compiler was told to use, such as "+simd128", as its target_features section
/// says.
LB_MUST_USE
lb_error_t *lb_inspection_target_features(lb_inspection_t inspection,
                                          const char *const **features,
                                          size_t *count);

/// How much more work compiling the module is than its size accounts for, in the units of the
/// member compile_cost of lb_engine_options_t; most modules have 0 here. An engine refuses a module
/// of more than its option, unless it is compiled already.
LB_MUST_USE
lb_error_t *lb_inspection_compile_cost(lb_inspection_t inspection, uint64_t *units);

/// Releases the handle, and all that was read from it.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_inspection_release(lb_inspection_t inspection);

// ------------------------------------------------------------------------------------------------
//
// Types of components
//
// The functions of components take and give values with types of WIT: strings, lists, records and so on. If you
// know them when you write the program, skip this section. Else ask lb_wit_func_type() or lb_module_wit_world().
//
// A lb_wit_type_t is read only. It lives as long as the handle of the object that you asked.
// All readers below take NULL too, and then answer LB_WIT_SORT_NOTHING, 0, "" or NULL.

/// A type of WIT. Opaque; read it with the functions below.
typedef struct lb_wit_type_t lb_wit_type_t;

/// What sort of type it is: one of the LB_WIT_SORT_ numbers.
typedef uint32_t lb_wit_sort_t;

/// A parameter.
typedef struct lb_wit_param_t {
  /// As WIT spells it.
  const char *name;
  /// What it is.
  const struct lb_wit_type_t *type;
} lb_wit_param_t;

/// The type of a function.
typedef struct lb_wit_func_type_t {
  /// Its parameters.
  const struct lb_wit_param_t *params;
  /// How many there are.
  size_t nparams;
  /// What it gives, or NULL.
  const struct lb_wit_type_t *result;
} lb_wit_func_type_t;

/// bool
#define LB_WIT_SORT_BOOL 0

/// s8
#define LB_WIT_SORT_S8 1

/// u8
#define LB_WIT_SORT_U8 2

/// s16
#define LB_WIT_SORT_S16 3

/// u16
#define LB_WIT_SORT_U16 4

/// s32
#define LB_WIT_SORT_S32 5

/// u32
#define LB_WIT_SORT_U32 6

/// s64
#define LB_WIT_SORT_S64 7

/// u64
#define LB_WIT_SORT_U64 8

/// f32
#define LB_WIT_SORT_F32 9

/// f64
#define LB_WIT_SORT_F64 10

/// char: a Unicode scalar value
#define LB_WIT_SORT_CHAR 11

/// string: Unicode text
#define LB_WIT_SORT_STRING 12

/// A list. Its one part is what it is of.
#define LB_WIT_SORT_LIST 13

/// A record. Its parts are its fields.
#define LB_WIT_SORT_RECORD 14

/// A tuple. Its parts have no names.
#define LB_WIT_SORT_TUPLE 15

/// A variant. Its parts are its cases, whose type is NULL where they hold nothing.
#define LB_WIT_SORT_VARIANT 16

/// An enum. Its parts are its names.
#define LB_WIT_SORT_ENUM 17

/// Flags. Its parts are its names; the first is the lowest bit.
#define LB_WIT_SORT_FLAGS 18

/// An option. Its one part is what it may hold.
#define LB_WIT_SORT_OPTION 19

/// A result. Its two parts are "ok" and "err", whose type is NULL where they hold nothing.
#define LB_WIT_SORT_RESULT 20

/// A resource that changes hands.
#define LB_WIT_SORT_OWN 21

/// A resource that is lent for one call.
#define LB_WIT_SORT_BORROW 22

/// No type: a case that holds nothing, a function that gives nothing.
#define LB_WIT_SORT_NOTHING 23

/// What sort of type it is: one of the LB_WIT_SORT_ numbers.
lb_wit_sort_t lb_wit_type_sort(const struct lb_wit_type_t *type);

/// The type as messages tell it, as WIT spells it: "list<u8>", or by its name: "person".
const char *lb_wit_type_text(const struct lb_wit_type_t *type);

/// Its own name, such as "person", or NULL if it has none, or none that can be known.
const char *lb_wit_type_name(const struct lb_wit_type_t *type);

/// The interface that it is defined in, such as "demo:app/people@1.2.0", or NULL.
const char *lb_wit_type_interface(const struct lb_wit_type_t *type);

/// Its documentation, or NULL.
const char *lb_wit_type_docs(const struct lb_wit_type_t *type);

/// Of LB_WIT_SORT_OWN and LB_WIT_SORT_BORROW, which resource it is: equal numbers of one module, or of one function, are one
/// resource.
uint32_t lb_wit_type_resource(const struct lb_wit_type_t *type);

/// How many parts it has: fields of a record, elements of a tuple, cases of a variant, names of an enum or of flags; 1 for
/// a list and an option, 2 for a result, 0 for all others.
size_t lb_wit_type_count(const struct lb_wit_type_t *type);

/// The name of a part, or NULL if it has none or there is no such part.
const char *lb_wit_type_part_name(const struct lb_wit_type_t *type, size_t index);

/// The documentation of a part, or NULL.
const char *lb_wit_type_part_docs(const struct lb_wit_type_t *type, size_t index);

/// The type of a part, or NULL if it holds nothing or there is no such part.
const struct lb_wit_type_t *lb_wit_type_part(const struct lb_wit_type_t *type, size_t index);

// ------------------------------------------------------------------------------------------------
//
// What a component asks for and offers
//
// A world is what a component imports and exports, with the types of its functions. All of it lives as long as the
// module's handle.

/// In place of how well a name fits, if it does not.
#define LB_WIT_NO_FIT UINT32_MAX

/// What an item of a world is: one of the LB_WIT_ITEM_ numbers.
typedef uint32_t lb_wit_item_sort_t;

/// What a function is to a resource: one of the LB_WIT_ROLE_ numbers.
typedef uint32_t lb_wit_role_t;

/// A function of an interface or of a world.
typedef struct lb_wit_func_def_t {
  /// Its name in the component, such as "area", "[constructor]canvas" or "[method]canvas.draw".
  const char *name;
  /// The same without what it is to a resource: "draw", and "canvas" of a constructor.
  const char *own_name;
  /// One of the LB_WIT_ROLE_ numbers.
  lb_wit_role_t role;
  /// The resource that it makes or is of, or NULL.
  const char *resource;
  /// Its documentation, or NULL.
  const char *docs;
  /// As WIT spells it: "draw: func(shape: shape) -> u32".
  const char *text;
  /// What it takes and gives.
  lb_wit_func_type_t type;
  /// Room for later versions: zeros.
  uint64_t reserved[2];
} lb_wit_func_def_t;

/// A type with a name.
typedef struct lb_wit_type_def_t {
  /// Its name here.
  const char *name;
  /// Its documentation, or NULL.
  const char *docs;
  /// What it is; of a resource, its LB_WIT_SORT_OWN.
  const lb_wit_type_t *type;
  /// Whether it is a resource.
  bool is_resource;
  /// Room for later versions: zeros.
  uint64_t reserved[2];
} lb_wit_type_def_t;

/// Something that a component imports or exports.
typedef struct lb_wit_item_t {
  /// One of the LB_WIT_ITEM_ numbers.
  lb_wit_item_sort_t sort;
  /// Its name, such as "demo:app/shapes@1.2.0".
  const char *name;
  /// Its documentation, or NULL.
  const char *docs;
  /// What it is, such as "core module", if it is no part of WIT 0.2; else NULL.
  const char *what;
  /// The functions of an interface; of LB_WIT_ITEM_FUNC, the one.
  const struct lb_wit_func_def_t *funcs;
  /// How many there are.
  size_t nfuncs;
  /// The types with names of an interface; of LB_WIT_ITEM_TYPE, the one.
  const struct lb_wit_type_def_t *types;
  /// How many there are.
  size_t ntypes;
  /// Room for later versions: zeros.
  uint64_t reserved[2];
} lb_wit_item_t;

/// What a component asks its host for, and what it offers.
typedef struct lb_wit_world_t {
  /// Its name, such as "demo:app/greeter@1.2.0", or NULL if it cannot be known.
  const char *name;
  /// Its documentation, or NULL.
  const char *docs;
  /// What it asks for, in its own order.
  const struct lb_wit_item_t *imports;
  /// How many there are.
  size_t nimports;
  /// What it offers, in its own order.
  const struct lb_wit_item_t *exports;
  /// How many there are.
  size_t nexports;
} lb_wit_world_t;

/// Nothing.
#define LB_WIT_ROLE_FREE 0

/// It makes one.
#define LB_WIT_ROLE_CONSTRUCTOR 1

/// A method: its first parameter is the resource.
#define LB_WIT_ROLE_METHOD 2

/// A function of the resource that takes none.
#define LB_WIT_ROLE_STATIC 3

/// An interface: functions and types with a common name.
#define LB_WIT_ITEM_INTERFACE 0

/// A function of the world itself.
#define LB_WIT_ITEM_FUNC 1

/// A type of the world itself.
#define LB_WIT_ITEM_TYPE 2

/// What is no part of WIT 0.2.
#define LB_WIT_ITEM_OTHER 3

/// What a component asks for and offers. It lives as long as the handle.
///
/// Errors: LB_KIND_UNSUPPORTED if it is a core module, LB_KIND_LIMIT if there is too much to be told, LB_KIND_CLOSED if the
/// module was released.
LB_MUST_USE
lb_error_t *lb_module_wit_world(lb_module_t module,
                                const struct lb_wit_world_t **world);

/// The same as one array of bytes, for bindings of other languages that read it once: a frame, as
/// docs/contributing/host.md says. It lives as long as the handle.
///
/// Errors: as lb_module_wit_world().
LB_MUST_USE
lb_error_t *lb_module_wit_description(lb_module_t module, const uint8_t **bytes, size_t *length);

/// How well a name that somebody gave names an interface by its full name: the least is the best, LB_WIT_NO_FIT is not at
/// all. For "demo:app/shapes@1.2.0" these do: the same, "demo:app/shapes@1.2" and other versions that are compatible,
/// "demo:app/shapes", and "shapes".
uint32_t lb_wit_interface_fits(const char *given,
                               const char *full);

// ------------------------------------------------------------------------------------------------
//
// Frames of values of components
//
// A call of a component crosses as a frame: its values in their flat form, one behind the other, in the order of their
// types. Bindings and other code that knows the types write and read frames by themselves; docs/contributing/host.md
// says how each value lies there. Programs of C have lb_wit_value_t instead.
//
// - A string, or a list of numbers, of 1 KiB or more may lie beside the frame, as a blob: so it is copied once.
// - A resource is 8 bytes. If the higher half of them is 0, it is an object of the program's, and the lower half is its
//   place among the objects beside the frame. All others are handles of guests' resources.

/// Bytes that lie beside a frame: a string, or the numbers of a list.
typedef struct lb_wit_blob_t {
  /// Where they are.
  const void *data;
  /// How many bytes there are.
  size_t bytes;
  /// How many bytes each number has: 1, 2, 4 or 8; 1 for a string.
  size_t each;
} lb_wit_blob_t;

/// An object of the program's that crosses to guests as a resource.
typedef struct lb_wit_object_t {
  /// What the program knows it by: the very pointer comes back.
  void *data;
  /// NULL, or called with data once neither a guest nor this library has the object any more.
  lb_drop_t drop;
} lb_wit_object_t;

/// A frame with what lies beside it. It is borrowed: whoever made it owns the memory.
typedef struct lb_wit_frame_t {
  /// The frame. Places of objects in arguments are written over with handles.
  uint8_t *bytes;
  /// How many bytes it has.
  size_t length;
  /// What lies beside it.
  const struct lb_wit_blob_t *blobs;
  /// How many blobs there are.
  size_t nblobs;
  /// Objects of the program's. Those that a program passes are the library's from then on, also if the call fails;
  /// those that it receives are borrowed, and drop of them is not the program's to call.
  const struct lb_wit_object_t *objects;
  /// How many objects there are.
  size_t nobjects;
} lb_wit_frame_t;

/// What takes a result. Begin with LB_WIT_SINK and set what you need. Its functions are called on the thread of the call.
///
/// They must return: no C++ exception, no longjmp and no pthread_exit may leave them.
typedef struct lb_wit_sink_t {
  /// sizeof(lb_wit_sink_t), by which the library knows what the program knew.
  size_t size;
  /// What the functions are called with.
  void *data;
  /// Called for each blob of the result in turn, the first being number 0: gives where its bytes are to be copied to, or
  /// NULL if there is no room, which ends the call with LB_KIND_LIMIT. each is as in a lb_wit_blob_t. It cannot enter
  /// the store: that is LB_KIND_BUSY. NULL: blobs lie beside the frame, as long as result runs.
  void *(*blob)(void *data, size_t bytes, size_t each);
  /// Called once with the frame of the result, if all went well. The frame is valid until it returns. An error that it
  /// returns, which it owned, comes out of the call.
  lb_error_t *(*result)(void *data, const struct lb_wit_frame_t *frame);
  /// NULL, or called in place of blob, for programs whose memory cannot be made before what is to be in it is there: with
  /// the bytes themselves, which are valid until it returns. each is as in a lb_wit_blob_t. An error that it
  /// returns, which it owned, comes out of the call.
  lb_error_t *(*take)(void *data, const void *bytes, size_t length, size_t each);
} lb_wit_sink_t;

/// Reads a value of a type from its text, such as "{name: \"Ada\", age: 36}", and hands its frame to the sink. The text is
/// WAVE, the WebAssembly Value Encoding.
///
/// Errors: LB_KIND_TYPE if the text is no such value, LB_KIND_RANGE if a number does not fit: the message says where.
LB_MUST_USE
lb_error_t *lb_wit_parse_frame(const lb_wit_type_t *type,
                               const char *source,
                               const struct lb_wit_sink_t *sink);

/// The value of a type in a frame as text; lb_wit_parse_frame() reads it back. The frame stays as it is. The caller
/// releases the text.
///
/// Errors: LB_KIND_TYPE if the frame is malformed, or has a resource in it.
LB_MUST_USE
lb_error_t *lb_wit_format_frame(const lb_wit_type_t *type,
                                const struct lb_wit_frame_t *frame,
                                lb_bytes_t *text);

// All functions NULL, for initialisers.
#define LB_WIT_SINK { sizeof(lb_wit_sink_t), NULL, NULL, NULL, NULL }

// ------------------------------------------------------------------------------------------------
//
// Values of components
//
// A value is a tree of structs. Make it on the stack or as a constant; the library keeps nothing of it. Write
// LB_WIT_U32(2) in an initialiser and lb_wit_u32(2) in an expression. The library gives you such a tree, too: the sort
// says which member to read.
//
//     lb_wit_field_t fields[] = { { "name", LB_WIT_STRING("Ada") }, { "age", LB_WIT_U8(36) } };
//     lb_wit_value_t args[] = { LB_WIT_RECORD(fields) };
//     lb_wit_result_t hello;
//     lb_error_t *err = lb_wit_func_call(greet, args, 1, &hello);
//     if (!err) printf("%.*s\n", (int)hello.value->of.text.length, hello.value->of.text.data);
//     lb_error_free(lb_wit_result_release(hello));
//
// Integers are taken by their value: LB_WIT_U32(3) may be given for a u8, and 300 may not. The fields of a record come in
// any order; those that are options may be left out. What a function gives has just the sort of its type, with all fields
// in their order; a list of numbers comes as LB_WIT_SORT_NUMBERS, and may be given as that or as LB_WIT_SORT_LIST.
//
// If a value is wrong, the message says where, such as "args[0].tags[1]: 300 does not fit in u8". That is before the guest
// is entered.

typedef struct lb_wit_value_t lb_wit_value_t;
typedef struct lb_wit_field_t lb_wit_field_t;

/// Text in UTF-8, which need not end with a zero byte.
typedef struct lb_wit_text_t {
  /// Its first byte.
  const char *data;
  /// How many bytes there are.
  size_t length;
} lb_wit_text_t;

/// The elements of a list or a tuple.
typedef struct lb_wit_items_t {
  /// The first one.
  const lb_wit_value_t *data;
  /// How many there are.
  size_t count;
} lb_wit_items_t;

/// The numbers of a list.
typedef struct lb_wit_numbers_t {
  /// The first one: a number of the value's part.
  const void *data;
  /// How many there are.
  size_t count;
} lb_wit_numbers_t;

/// The fields of a record.
typedef struct lb_wit_fields_t {
  /// The first one.
  const lb_wit_field_t *data;
  /// How many there are.
  size_t count;
} lb_wit_fields_t;

/// One of several cases, and what it holds.
typedef struct lb_wit_case_t {
  /// Its name as WIT spells it, of a variant or an enum. NULL: the value's part says which it is.
  const char *name;
  /// What it holds, or NULL.
  const lb_wit_value_t *value;
} lb_wit_case_t;

/// Names of flags that are set.
typedef struct lb_wit_names_t {
  /// The first one.
  const char *const *data;
  /// How many there are.
  size_t count;
} lb_wit_names_t;

/// What a value holds; the value's sort says which. Each struct in it may have a data of NULL if there is nothing.
typedef union lb_wit_bits_t {
  /// LB_WIT_SORT_BOOL
  bool boolean;
  /// LB_WIT_SORT_S8
  int8_t s8;
  /// LB_WIT_SORT_U8
  uint8_t u8;
  /// LB_WIT_SORT_S16
  int16_t s16;
  /// LB_WIT_SORT_U16
  uint16_t u16;
  /// LB_WIT_SORT_S32
  int32_t s32;
  /// LB_WIT_SORT_U32
  uint32_t u32;
  /// LB_WIT_SORT_S64
  int64_t s64;
  /// LB_WIT_SORT_U64
  uint64_t u64;
  /// LB_WIT_SORT_F32; all bits of a NaN are kept
  float f32;
  /// LB_WIT_SORT_F64; all bits of a NaN are kept
  double f64;
  /// LB_WIT_SORT_CHAR: a Unicode scalar value
  uint32_t character;
  /// LB_WIT_SORT_STRING
  struct lb_wit_text_t text;
  /// LB_WIT_SORT_LIST, LB_WIT_SORT_TUPLE
  struct lb_wit_items_t items;
  /// LB_WIT_SORT_NUMBERS
  struct lb_wit_numbers_t numbers;
  /// LB_WIT_SORT_RECORD
  struct lb_wit_fields_t fields;
  /// LB_WIT_SORT_VARIANT, LB_WIT_SORT_ENUM, LB_WIT_SORT_OPTION (whose value is NULL if it is none), LB_WIT_SORT_RESULT
  struct lb_wit_case_t which;
  /// LB_WIT_SORT_FLAGS
  struct lb_wit_names_t names;
  /// LB_WIT_SORT_RESOURCE: its handle
  uint64_t resource;
  /// LB_WIT_SORT_OBJECT. One that a program passes is the library's from then on, also if the call fails: its drop is
  /// called once, when neither a guest nor a value that the program holds has it. Meanwhile it may be passed any number
  /// of times, also as it came back. Those that a program receives are lent, as all of the tree is.
  lb_wit_object_t object;
} lb_wit_bits_t;

/// A list of numbers of one sort, which lie as in an array of C.
#define LB_WIT_SORT_NUMBERS 24

/// A resource of a guest: its handle.
#define LB_WIT_SORT_RESOURCE 25

/// A resource that is an object of the program's.
#define LB_WIT_SORT_OBJECT 26

/// A value of a type of WIT.
struct lb_wit_value_t {
  /// One of the LB_WIT_SORT_ numbers.
  lb_wit_sort_t sort;
  /// Of LB_WIT_SORT_NUMBERS the sort of the numbers; of LB_WIT_SORT_RESULT 0 for ok and 1 for err; of
  /// LB_WIT_SORT_VARIANT and LB_WIT_SORT_ENUM which case it is, if which has no name. What the library gives has the number
  /// of the case there, and for an option 0 for none and 1 for some.
  uint32_t part;
  /// What it holds.
  lb_wit_bits_t of;
};

/// A field of a record.
struct lb_wit_field_t {
  /// As WIT spells it.
  const char *name;
  /// What it is.
  lb_wit_value_t value;
};

// A value of each sort, as an expression. What has parts points to them: they must live until the value was used.
#define LB_WIT_SIMPLE(name, type, SORT, member)                   \
  static inline lb_wit_value_t lb_wit_##name(type it) {           \
    lb_wit_value_t value = { LB_WIT_SORT_##SORT, 0, { 0 } };      \
    value.of.member = it;                                         \
    return value;                                                 \
  }
LB_WIT_SIMPLE(bool, bool, BOOL, boolean)
LB_WIT_SIMPLE(s8, int8_t, S8, s8)
LB_WIT_SIMPLE(u8, uint8_t, U8, u8)
LB_WIT_SIMPLE(s16, int16_t, S16, s16)
LB_WIT_SIMPLE(u16, uint16_t, U16, u16)
LB_WIT_SIMPLE(s32, int32_t, S32, s32)
LB_WIT_SIMPLE(u32, uint32_t, U32, u32)
LB_WIT_SIMPLE(s64, int64_t, S64, s64)
LB_WIT_SIMPLE(u64, uint64_t, U64, u64)
LB_WIT_SIMPLE(f32, float, F32, f32)
LB_WIT_SIMPLE(f64, double, F64, f64)
LB_WIT_SIMPLE(char, uint32_t, CHAR, character)
LB_WIT_SIMPLE(resource, uint64_t, RESOURCE, resource)
#undef LB_WIT_SIMPLE

// Text of so many bytes in UTF-8.
static inline lb_wit_value_t lb_wit_text(const char *data, size_t length) {
  lb_wit_value_t value = { LB_WIT_SORT_STRING, 0, { 0 } };
  value.of.text.data = data;
  value.of.text.length = length;
  return value;
}

// Text that ends with a zero byte.
static inline lb_wit_value_t lb_wit_string(const char *text) {
  return lb_wit_text(text, strlen(text));
}

static inline lb_wit_value_t lb_wit_list(const lb_wit_value_t *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_LIST, 0, { 0 } };
  value.of.items.data = data;
  value.of.items.count = count;
  return value;
}

static inline lb_wit_value_t lb_wit_tuple(const lb_wit_value_t *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_TUPLE, 0, { 0 } };
  value.of.items.data = data;
  value.of.items.count = count;
  return value;
}

// A list of numbers as they lie in an array of C: lb_wit_numbers(LB_WIT_SORT_F64, points, 3).
static inline lb_wit_value_t lb_wit_numbers(lb_wit_sort_t sort, const void *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_NUMBERS, sort, { 0 } };
  value.of.numbers.data = data;
  value.of.numbers.count = count;
  return value;
}

static inline lb_wit_value_t lb_wit_bytes(const void *data, size_t length) {
  return lb_wit_numbers(LB_WIT_SORT_U8, data, length);
}

static inline lb_wit_value_t lb_wit_record(const lb_wit_field_t *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_RECORD, 0, { 0 } };
  value.of.fields.data = data;
  value.of.fields.count = count;
  return value;
}

// A case of a variant, and what it holds, or NULL.
static inline lb_wit_value_t lb_wit_variant(const char *name, const lb_wit_value_t *held) {
  lb_wit_value_t value = { LB_WIT_SORT_VARIANT, 0, { 0 } };
  value.of.which.name = name;
  value.of.which.value = held;
  return value;
}

static inline lb_wit_value_t lb_wit_enum(const char *name) {
  lb_wit_value_t value = { LB_WIT_SORT_ENUM, 0, { 0 } };
  value.of.which.name = name;
  return value;
}

// The flags that are set.
static inline lb_wit_value_t lb_wit_flags(const char *const *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_FLAGS, 0, { 0 } };
  value.of.names.data = data;
  value.of.names.count = count;
  return value;
}

static inline lb_wit_value_t lb_wit_none(void) {
  lb_wit_value_t value = { LB_WIT_SORT_OPTION, 0, { 0 } };
  value.of.which.value = NULL;
  return value;
}

static inline lb_wit_value_t lb_wit_some(const lb_wit_value_t *held) {
  lb_wit_value_t value = { LB_WIT_SORT_OPTION, 1, { 0 } };
  value.of.which.value = held;
  return value;
}

// What it holds may be NULL.
static inline lb_wit_value_t lb_wit_ok(const lb_wit_value_t *held) {
  lb_wit_value_t value = { LB_WIT_SORT_RESULT, 0, { 0 } };
  value.of.which.value = held;
  return value;
}

static inline lb_wit_value_t lb_wit_err(const lb_wit_value_t *held) {
  lb_wit_value_t value = { LB_WIT_SORT_RESULT, 1, { 0 } };
  value.of.which.value = held;
  return value;
}

// An object of the program's. drop may be NULL.
static inline lb_wit_value_t lb_wit_object(void *data, lb_drop_t drop) {
  lb_wit_value_t value = { LB_WIT_SORT_OBJECT, 0, { 0 } };
  value.of.object.data = data;
  value.of.object.drop = drop;
  return value;
}

// The same in initialisers: lb_wit_value_t args[2] = { LB_WIT_STRING("Ada"), LB_WIT_U8(36) };
// LB_WIT_STRING takes a literal, LB_WIT_LIST, LB_WIT_TUPLE, LB_WIT_RECORD and LB_WIT_FLAGS take an array.
#ifdef __cplusplus
#define LB_WIT_BOOL(value) lb_wit_bool(value)
#define LB_WIT_S8(value) lb_wit_s8(value)
#define LB_WIT_U8(value) lb_wit_u8(value)
#define LB_WIT_S16(value) lb_wit_s16(value)
#define LB_WIT_U16(value) lb_wit_u16(value)
#define LB_WIT_S32(value) lb_wit_s32(value)
#define LB_WIT_U32(value) lb_wit_u32(value)
#define LB_WIT_S64(value) lb_wit_s64(value)
#define LB_WIT_U64(value) lb_wit_u64(value)
#define LB_WIT_F32(value) lb_wit_f32(value)
#define LB_WIT_F64(value) lb_wit_f64(value)
#define LB_WIT_CHAR(value) lb_wit_char(value)
#define LB_WIT_RESOURCE(value) lb_wit_resource(value)
#define LB_WIT_TEXT(data, length) lb_wit_text(data, length)
#define LB_WIT_STRING(literal) lb_wit_text("" literal, sizeof(literal) - 1)
#define LB_WIT_BYTES(data, length) lb_wit_bytes(data, length)
#define LB_WIT_NUMBERS(sort, data, count) lb_wit_numbers(sort, data, count)
#define LB_WIT_LIST(array) lb_wit_list(array, sizeof(array) / sizeof *(array))
#define LB_WIT_TUPLE(array) lb_wit_tuple(array, sizeof(array) / sizeof *(array))
#define LB_WIT_RECORD(array) lb_wit_record(array, sizeof(array) / sizeof *(array))
#define LB_WIT_FLAGS(array) lb_wit_flags(array, sizeof(array) / sizeof *(array))
#define LB_WIT_VARIANT(name, held) lb_wit_variant(name, held)
#define LB_WIT_ENUM(name) lb_wit_enum(name)
#define LB_WIT_NONE lb_wit_none()
#define LB_WIT_SOME(held) lb_wit_some(held)
#define LB_WIT_OK(held) lb_wit_ok(held)
#define LB_WIT_ERR(held) lb_wit_err(held)
#define LB_WIT_OBJECT(data, drop) lb_wit_object(data, drop)
#else
#define LB_WIT_BOOL(value) { LB_WIT_SORT_BOOL, 0, { .boolean = (value) } }
#define LB_WIT_S8(value) { LB_WIT_SORT_S8, 0, { .s8 = (value) } }
#define LB_WIT_U8(value) { LB_WIT_SORT_U8, 0, { .u8 = (value) } }
#define LB_WIT_S16(value) { LB_WIT_SORT_S16, 0, { .s16 = (value) } }
#define LB_WIT_U16(value) { LB_WIT_SORT_U16, 0, { .u16 = (value) } }
#define LB_WIT_S32(value) { LB_WIT_SORT_S32, 0, { .s32 = (value) } }
#define LB_WIT_U32(value) { LB_WIT_SORT_U32, 0, { .u32 = (value) } }
#define LB_WIT_S64(value) { LB_WIT_SORT_S64, 0, { .s64 = (value) } }
#define LB_WIT_U64(value) { LB_WIT_SORT_U64, 0, { .u64 = (value) } }
#define LB_WIT_F32(value) { LB_WIT_SORT_F32, 0, { .f32 = (value) } }
#define LB_WIT_F64(value) { LB_WIT_SORT_F64, 0, { .f64 = (value) } }
#define LB_WIT_CHAR(value) { LB_WIT_SORT_CHAR, 0, { .character = (value) } }
#define LB_WIT_RESOURCE(value) { LB_WIT_SORT_RESOURCE, 0, { .resource = (value) } }
#define LB_WIT_TEXT(data, length) { LB_WIT_SORT_STRING, 0, { .text = { (data), (length) } } }
#define LB_WIT_STRING(literal) { LB_WIT_SORT_STRING, 0, { .text = { "" literal, sizeof(literal) - 1 } } }
#define LB_WIT_BYTES(data, length) { LB_WIT_SORT_NUMBERS, LB_WIT_SORT_U8, { .numbers = { (data), (length) } } }
#define LB_WIT_NUMBERS(sort, data, count) { LB_WIT_SORT_NUMBERS, (sort), { .numbers = { (data), (count) } } }
#define LB_WIT_LIST(array) { LB_WIT_SORT_LIST, 0, { .items = { (array), sizeof(array) / sizeof *(array) } } }
#define LB_WIT_TUPLE(array) { LB_WIT_SORT_TUPLE, 0, { .items = { (array), sizeof(array) / sizeof *(array) } } }
#define LB_WIT_RECORD(array) { LB_WIT_SORT_RECORD, 0, { .fields = { (array), sizeof(array) / sizeof *(array) } } }
#define LB_WIT_FLAGS(array) { LB_WIT_SORT_FLAGS, 0, { .names = { (array), sizeof(array) / sizeof *(array) } } }
#define LB_WIT_VARIANT(name, held) { LB_WIT_SORT_VARIANT, 0, { .which = { (name), (held) } } }
#define LB_WIT_ENUM(name) { LB_WIT_SORT_ENUM, 0, { .which = { (name), NULL } } }
#define LB_WIT_NONE { LB_WIT_SORT_OPTION, 0, { .which = { NULL, NULL } } }
#define LB_WIT_SOME(held) { LB_WIT_SORT_OPTION, 1, { .which = { NULL, (held) } } }
#define LB_WIT_OK(held) { LB_WIT_SORT_RESULT, 0, { .which = { NULL, (held) } } }
#define LB_WIT_ERR(held) { LB_WIT_SORT_RESULT, 1, { .which = { NULL, (held) } } }
#define LB_WIT_OBJECT(data, drop) { LB_WIT_SORT_OBJECT, 0, { .object = { (data), (drop) } } }
#endif

// The field of a record by its name, or NULL if it has none of that name or is no record.
static inline const lb_wit_value_t *lb_wit_field(const lb_wit_value_t *record, const char *name) {
  if (!record || record->sort != LB_WIT_SORT_RECORD) return NULL;
  for (size_t i = 0; i < record->of.fields.count; i++) {
    if (!strcmp(record->of.fields.data[i].name, name)) return &record->of.fields.data[i].value;
  }
  return NULL;
}

// Whether a flag is set.
static inline bool lb_wit_has_flag(const lb_wit_value_t *flags, const char *name) {
  if (!flags || flags->sort != LB_WIT_SORT_FLAGS) return false;
  for (size_t i = 0; i < flags->of.names.count; i++) {
    if (!strcmp(flags->of.names.data[i], name)) return true;
  }
  return false;
}

// ------------------------------------------------------------------------------------------------
//
// Values that the library gives
//
// A lb_wit_result_t keeps a tree of values until it is released. Texts of values are read and written here too.

/// A value that the library gives.
typedef struct lb_wit_result_t {
  /// The value, or NULL if the function gives none. All of it lives until the result is released.
  const lb_wit_value_t *value;
  /// What keeps it.
  uint64_t id;
} lb_wit_result_t;

/// Releases a value that the library gave. Resources of guests in it are handles of the program's, which stay until they
/// are closed. One without a value holds nothing: that is no error.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_wit_result_release(struct lb_wit_result_t result);

/// Reads a value of a type from its text, such as "{name: \"Ada\", age: 36}". The text is WAVE, the WebAssembly Value
/// Encoding. The caller releases the value.
///
/// Errors: LB_KIND_TYPE if the text is no such value, LB_KIND_RANGE if a number does not fit: the message says where.
LB_MUST_USE
lb_error_t *lb_wit_parse(const lb_wit_type_t *type,
                         const char *source,
                         struct lb_wit_result_t *value);

/// A value of a type as text; lb_wit_parse() reads it back. The caller keeps the objects in the value, and releases the
/// text.
///
/// Errors: LB_KIND_TYPE, LB_KIND_RANGE if it is no value of the type, LB_KIND_TYPE if it has a resource in it.
LB_MUST_USE
lb_error_t *lb_wit_format(const lb_wit_type_t *type,
                          const lb_wit_value_t *value,
                          lb_bytes_t *text);

/// Checks that a value is one of a type, as a call does. The caller keeps the objects in it.
///
/// Errors: LB_KIND_TYPE, LB_KIND_RANGE if it is not: the message says where, from "value" on.
LB_MUST_USE
lb_error_t *lb_wit_check(const lb_wit_type_t *type, const lb_wit_value_t *value);

// ------------------------------------------------------------------------------------------------
//
// Reading frames of components
//
// A lb_wit_reader_t reads the values in a frame one by one, without any memory of its own: it is a struct of the
// program's, on its stack. What is read points into the frame, and lives as long as it.
//
//     static lb_error_t *take(void *data, const lb_wit_frame_t *frame) {
//       lb_wit_reader_t reader, fields;
//       lb_wit_value_t name, age;
//       lb_wit_reader_begin(type.result, frame, &reader);
//       lb_error_t *err = lb_wit_reader_enter(&reader, &fields);
//       if (!err) err = lb_wit_read(&fields, &name);
//       if (!err) err = lb_wit_read(&fields, &age);
//       if (!err) err = lb_wit_reader_leave(&reader, &fields);
//       ...
//
// Where a value has parts, lb_wit_reader_enter() makes a reader of those, and lb_wit_reader_leave() goes on behind them.

/// Where in a frame somebody is. lb_wit_reader_begin() fills it. Read type, count and part; the other members are the
/// library's.
typedef struct lb_wit_reader_t {
  /// The type of what is read next, or NULL if nothing is left.
  const lb_wit_type_t *type;
  /// How many parts there are to read in all: elements of a list or a tuple, fields of a record; 1 or 0 of a case, by
  /// whether it holds something.
  size_t count;
  /// Which case was entered: of a variant or an enum; 0 for none and 1 for some; 0 for ok and 1 for err.
  uint32_t part;
  /// Which part is next.
  size_t index;
  /// Where in the frame it is.
  size_t at;
  /// The frame.
  const lb_wit_frame_t *frame;
  /// What was entered, or NULL.
  const lb_wit_type_t *of;
  /// Room for later versions.
  uint64_t reserved[2];
} lb_wit_reader_t;

/// Makes a reader of a value of a type in a frame. Nothing is checked before it reads.
void lb_wit_reader_begin(const lb_wit_type_t *type,
                         const lb_wit_frame_t *frame,
                         struct lb_wit_reader_t *reader);

/// Reads what is next, if it has no parts: bool, a number, char, string, a list of numbers, a resource; and flags, which
/// come as LB_WIT_SORT_NUMBERS of LB_WIT_SORT_U8: their bits, the first flag in the lowest one. The numbers of a list need
/// not be aligned. What value leads to lives as long as the frame.
///
/// Errors: LB_KIND_TYPE if it has parts, if nothing is left, or if the frame is malformed. The reader stays where it
/// is then.
LB_MUST_USE
lb_error_t *lb_wit_read(struct lb_wit_reader_t *reader,
                        lb_wit_value_t *value);

/// Makes a reader of the parts of what is next: the elements of a list that is none of numbers, the fields of a record, what
/// a case holds. inner's part says which case it is, its count how many parts there are. Use the outer reader only after
/// lb_wit_reader_leave().
///
/// Errors: LB_KIND_TYPE if it has no parts, if nothing is left, or if the frame is malformed.
LB_MUST_USE
lb_error_t *lb_wit_reader_enter(const struct lb_wit_reader_t *reader,
                                struct lb_wit_reader_t *inner);

/// Goes on behind what was entered, also if not all of it was read.
///
/// Errors: LB_KIND_TYPE if inner was not made of reader, or if the frame is malformed.
LB_MUST_USE
lb_error_t *lb_wit_reader_leave(struct lb_wit_reader_t *reader,
                                const struct lb_wit_reader_t *inner);

/// Goes on behind what is next, whatever it is.
///
/// Errors: LB_KIND_TYPE if nothing is left, or if the frame is malformed.
LB_MUST_USE
lb_error_t *lb_wit_reader_skip(struct lb_wit_reader_t *reader);

// ------------------------------------------------------------------------------------------------
//
// Functions of components

/// A function that a component exports, resolved: calls look nothing up. Its name is that of WIT: "hello", or
/// "demo:app/shapes@1.2.0#area" of an interface, in short "shapes#area". The caller releases it.
///
/// Errors: LB_KIND_NOT_FOUND if there is no function of this name, LB_KIND_UNSUPPORTED for an instance of a core module,
/// LB_KIND_CLOSED.
LB_MUST_USE
lb_error_t *lb_instance_wit_func(lb_instance_t instance,
                                 const char *name,
                                 lb_wit_func_t *func);

/// Calls a function with a frame of its arguments, and hands the frame of its result to the sink. A result of WIT is such
/// a value: an err is no error of the call.
///
/// May be called from any thread: threads that meet on a store take turns.
///
/// Errors: LB_KIND_TYPE if a handle or an object does not fit its type; LB_KIND_CLOSED, LB_KIND_BUSY for a resource that
/// was given away or is lent; LB_KIND_BUSY if a call of this component waits for a host function; LB_KIND_TRAP with code
/// and frames, what a host function returned, and whatever else ends a guest: it ends all components of the store, which
/// is LB_KIND_POISONED then. So does a frame that is malformed. Those of the sink.
LB_MUST_USE
lb_error_t *lb_wit_func_call_frame(lb_wit_func_t func,
                                   const lb_wit_frame_t *args,
                                   const lb_wit_sink_t *sink);

/// What it takes and gives. All of it lives as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the function was released.
LB_MUST_USE
lb_error_t *lb_wit_func_type(lb_wit_func_t func, lb_wit_func_type_t *type);

/// Writes the name that it was asked for by to a buffer of size bytes, cut short and ended by a zero byte as snprintf does.
/// length (or NULL) receives the whole length without the zero byte.
///
/// Errors: LB_KIND_CLOSED if the function was released.
LB_MUST_USE
lb_error_t *lb_wit_func_name(lb_wit_func_t func,
                             char *name,
                             size_t size,
                             size_t *length);

/// The same for its type, as WIT spells it: "func(name: string) -> string".
LB_MUST_USE
lb_error_t *lb_wit_func_text(lb_wit_func_t func, char *text, size_t size, size_t *length);

/// The store that it lives in. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the function was released.
LB_MUST_USE
lb_error_t *lb_wit_func_store(lb_wit_func_t func, lb_store_t *store);

/// A second handle of the same function. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the function was released.
LB_MUST_USE
lb_error_t *lb_wit_func_clone(lb_wit_func_t func, lb_wit_func_t *clone);

/// Releases the handle. Allowed while the function runs.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_wit_func_release(lb_wit_func_t func);

// ------------------------------------------------------------------------------------------------
//
// Host functions for components
//
// A lb_imports_t holds them beside what modules import. You may name an interface in full, with another version that is
// compatible, without a version, or by its own name alone. For a function of the world itself it is "".

/// A call of a host function by a component. Valid during that call only, and on its thread.
typedef struct lb_wit_context_t lb_wit_context_t;

/// A function of the program's that components call, over frames. It runs on the thread of the call that reached it. data
/// is what it was registered with. args is valid until it returns. So are the handles of resources in it that are a borrow.
///
/// Gives its result by lb_wit_context_give_frame(), which it need not call if its type has none, or is a result whose ok
/// holds nothing. Returns NULL, or an error that it owned, which comes out of the outermost call and ends the components
/// of the store.
///
/// Must return, on its thread: no C++ exception, no longjmp and no pthread_exit may leave it.
typedef lb_error_t *(*lb_wit_frame_callback_t)(void *data,
                                               struct lb_wit_context_t *context,
                                               const lb_wit_frame_t *args);

/// Asked before a component is made that imports the function, by name such as "demo:app/host#log": returns NULL, or an
/// error that it owned if the function cannot be called with this type, which is valid until it returns.
///
/// Must return: no C++ exception, no longjmp and no pthread_exit may leave it.
typedef lb_error_t *(*lb_wit_check_t)(void *data, const char *name, const lb_wit_func_type_t *type);

/// Lends a function to components, over frames; its type is the one that a component imports it with. check may be NULL.
/// drop (or NULL) is called with data once neither the collection nor an instance needs the function any more; it is
/// called in any case, at once if this function fails. Instances may run on any thread: the callbacks and their data must
/// allow for that.
///
/// Errors: LB_KIND_CLOSED if the collection was released.
LB_MUST_USE
lb_error_t *lb_imports_wit_frame(lb_imports_t imports,
                                 const char *interface,
                                 const char *name,
                                 lb_wit_frame_callback_t callback,
                                 lb_wit_check_t check,
                                 void *data,
                                 lb_drop_t drop);

/// Lends a resource of an interface to components: objects of the program's can cross as it. An interface that has
/// functions, one of which was lent, has its resources without this.
///
/// Errors: LB_KIND_CLOSED if the collection was released.
LB_MUST_USE
lb_error_t *lb_imports_wit_resource(lb_imports_t imports,
                                    const char *interface,
                                    const char *name);

/// The same call as the functions of imports take it: for lb_context_store(), lb_context_name() and lb_context_export().
/// NULL for NULL.
const lb_context_t *lb_wit_context_base(struct lb_wit_context_t *context);

/// The type that the component imports the function with. It lives as long as the function is lent; NULL for NULL.
const lb_wit_func_type_t *lb_wit_context_type(struct lb_wit_context_t *context);

/// Gives what the function gives, once: the frame of its result, which is copied. Objects in it are the library's from
/// then on, also if this fails.
///
/// Errors: LB_KIND_TYPE if it was called before. What else is wrong with the frame comes out of the outermost call.
LB_MUST_USE
lb_error_t *lb_wit_context_give_frame(struct lb_wit_context_t *context,
                                      const lb_wit_frame_t *frame);

// ------------------------------------------------------------------------------------------------
//
// Calls of components with values
//
// A function of a component is called with values of the program's, and gives one; see lb_wit_value_t. A function of the
// program's that components call takes and gives such values too.
//
//     static lb_error_t *worth(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
//       lb_wit_value_t cents = LB_WIT_U64(price_of(args[0].of.text));
//       lb_wit_value_t result = LB_WIT_OK(&cents);
//       return lb_wit_context_give(context, &result);
//     }
//
//     err = lb_imports_wit(imports, "demo:shop/office", "worth", worth, NULL, NULL);

/// A function of the program's that components call. It runs on the thread of the call that reached it, and may call
/// functions of core modules and of other components of its store. data is what it was registered with. args holds the
/// arguments, which are valid until it returns. An own resource among them is the program's to close; a borrow is good until it
/// returns.
///
/// Gives its result by lb_wit_context_give(), which it need not call if its type has none, or is a result whose ok holds
/// nothing. Returns NULL, or an error that it owned, which comes out of the outermost call and ends the components of the
/// store.
///
/// Must return, on its thread: no C++ exception, no longjmp and no pthread_exit may leave it.
typedef lb_error_t *(*lb_wit_callback_t)(void *data,
                                         lb_wit_context_t *context,
                                         const lb_wit_value_t *args,
                                         size_t nargs);

/// Calls a function with nargs arguments. result receives what it gives, which the caller releases; it may be NULL if the
/// function gives nothing. A result of WIT is such a value: an err is no error of the call.
///
/// May be called from any thread: threads that meet on a store take turns. Objects in args are the library's from then on,
/// also if the call fails.
///
/// Errors: before the guest is entered and without harm, LB_KIND_TYPE and LB_KIND_RANGE if the arguments do not fit, with
/// the place; LB_KIND_CLOSED and LB_KIND_BUSY for a resource that was given away or is lent; LB_KIND_BUSY if a call of this
/// component waits for a host function; LB_KIND_POISONED if an earlier error ended the component. After that, LB_KIND_TRAP
/// with code and frames, what a host function returned, and whatever else ends a guest: it ends all components of the
/// store.
LB_MUST_USE
lb_error_t *lb_wit_func_call(lb_wit_func_t func,
                             const lb_wit_value_t *args,
                             size_t nargs,
                             lb_wit_result_t *result);

/// Lends a function to components; its type is the one that a component imports it with. drop (or NULL) is called with
/// data once neither the collection nor an instance needs the function any more; it is called in any case, at once if this
/// function fails. Instances may run on any thread: the callback and its data must allow for that.
///
/// Errors: LB_KIND_CLOSED if the collection was released.
LB_MUST_USE
lb_error_t *lb_imports_wit(lb_imports_t imports,
                           const char *interface,
                           const char *name,
                           lb_wit_callback_t callback,
                           void *data,
                           lb_drop_t drop);

/// Gives what the function gives, once. value is copied; objects in it are the library's from then on, also if this fails.
/// NULL gives nothing.
///
/// Errors: LB_KIND_TYPE and LB_KIND_RANGE if the value does not fit, with the place, such as "result of demo:app/host#log";
/// LB_KIND_TYPE if it was called before. They may be returned from the function, or another value given.
LB_MUST_USE
lb_error_t *lb_wit_context_give(lb_wit_context_t *context,
                                const lb_wit_value_t *value);

// ------------------------------------------------------------------------------------------------
//
// Asynchronous calls of components, and pools of them
//
// A call of a component may run on a thread of the library's; what lb_call_t says holds here too. Its arguments are copied,
// and objects in them are the library's, also if the call cannot be started.
//
//     lb_wit_call_t call;
//     lb_wit_result_t hello;
//     lb_error_t *err = lb_wit_func_call_async(greet, args, 1, &call, NULL, NULL);
//     // ... do something else ...
//     if (!err) err = lb_wit_call_wait(call, &hello);

/// Called with the outcome of a call, once: with an error, or with NULL and what the function gives, which is NULL too if
/// that is nothing. data is what it was handed over with. Both are valid until the function returns; resources of guests in
/// the value are handles of the program's.
///
/// Runs on a thread of the library's, or on the thread that cancels a call which has not begun. It may call any function of
/// this header, and should be short: asynchronous calls of the same store wait for it, so it must not wait for one of them.
///
/// Must return: no C++ exception, no longjmp and no pthread_exit may leave it.
typedef void (*lb_wit_done_t)(void *data, const lb_error_t *error, const lb_wit_value_t *result);

/// The same with the frame of the result, or NULL beside an error.
typedef void (*lb_wit_done_frame_t)(void *data, const lb_error_t *error, const lb_wit_frame_t *frame);

/// Calls a function as lb_wit_func_call() does, on a thread of the library's. call (or NULL) receives a handle of the call,
/// which the caller releases, and which is there before done is called. done (or NULL) is called with data once the call is
/// over, and never inside of this function; if this function fails, it is not called.
///
/// Errors: LB_KIND_TYPE and LB_KIND_RANGE if the arguments do not fit, LB_KIND_CLOSED if the function was released,
/// LB_KIND_LIMIT if no thread can be started. All else is the outcome of the call, as of lb_wit_func_call().
LB_MUST_USE
lb_error_t *lb_wit_func_call_async(lb_wit_func_t func,
                                   const lb_wit_value_t *args,
                                   size_t nargs,
                                   lb_wit_call_t *call,
                                   lb_wit_done_t done,
                                   void *data);

/// The same with a frame of the arguments, which is copied; see lb_wit_func_call_frame().
///
/// Errors: LB_KIND_CLOSED if the function was released, LB_KIND_LIMIT if no thread can be started. All else is the outcome.
LB_MUST_USE
lb_error_t *lb_wit_func_call_frame_async(lb_wit_func_t func,
                                         const lb_wit_frame_t *args,
                                         lb_wit_call_t *call,
                                         lb_wit_done_frame_t done,
                                         void *data);

/// Waits until the call is over, and gives its result, which the caller releases. result may be NULL if the function gives
/// nothing. May be called any number of times, and from several threads. The done function may still be running when this
/// returns.
///
/// Errors: what the call failed with, of which each caller gets an error of its own; LB_KIND_DEADLOCK in a host function of
/// the store that the call is to run in; LB_KIND_CLOSED if the handle was released.
LB_MUST_USE
lb_error_t *lb_wit_call_wait(lb_wit_call_t call,
                             lb_wit_result_t *result);

/// The same, and hands the frame of the result to a sink. Errors: as lb_wit_call_wait(), and those of the sink.
LB_MUST_USE
lb_error_t *lb_wit_call_wait_frame(lb_wit_call_t call,
                                   const lb_wit_sink_t *sink);

/// Waits until the call is over, for at most so many milliseconds; is_done receives whether it is. What it failed with is
/// told by lb_wit_call_wait().
///
/// Errors: LB_KIND_CLOSED if the handle was released.
LB_MUST_USE
lb_error_t *lb_wit_call_wait_for(lb_wit_call_t call,
                                 uint64_t timeout_ms,
                                 bool *is_done);

/// Whether the call is over. False if it is no handle of a call.
bool lb_wit_call_is_done(lb_wit_call_t call);

/// Ends this call and no other; see lb_call_cancel().
///
/// Errors: LB_KIND_CLOSED if the handle was released.
LB_MUST_USE
lb_error_t *lb_wit_call_cancel(lb_wit_call_t call);

/// Has a function called with the outcome, beside the one that the call was started with. If the call is over, it is called
/// here and now.
///
/// Errors: LB_KIND_TYPE if done is NULL, LB_KIND_CLOSED if the handle was released; done is not called then.
LB_MUST_USE
lb_error_t *lb_wit_call_on_done(lb_wit_call_t call,
                                lb_wit_done_t done,
                                void *data);

/// Releases the handle. The call goes on, and its done function is called.
///
/// Errors: LB_KIND_CLOSED if it was released before.
lb_error_t *lb_wit_call_release(lb_wit_call_t call);

/// Takes an instance of a component, calls a function of it by its name, and gives it back. Resources in the result are
/// closed by then, unless instances are reused.
///
/// Errors: as lb_pool_get(), lb_instance_wit_func() and lb_wit_func_call().
LB_MUST_USE
lb_error_t *lb_pool_wit_call(lb_pool_t pool,
                             const char *name,
                             const lb_wit_value_t *args,
                             size_t nargs,
                             lb_wit_result_t *result);

/// The same with frames; see lb_wit_func_call_frame(). Errors: as lb_pool_wit_call(), and those of the sink.
LB_MUST_USE
lb_error_t *lb_pool_wit_call_frame(lb_pool_t pool,
                                   const char *name,
                                   const lb_wit_frame_t *args,
                                   const lb_wit_sink_t *sink);

/// Calls a function as lb_pool_wit_call() does, on a thread of the library's; else as lb_wit_func_call_async(). Any number
/// may be in flight: as many run at a time as the pool has room for.
///
/// Errors: LB_KIND_NOT_FOUND if there is no function of this name, else as lb_wit_func_call_async().
LB_MUST_USE
lb_error_t *lb_pool_wit_call_async(lb_pool_t pool,
                                   const char *name,
                                   const lb_wit_value_t *args,
                                   size_t nargs,
                                   lb_wit_call_t *call,
                                   lb_wit_done_t done,
                                   void *data);

/// The same with a frame of the arguments, which is copied; see lb_wit_func_call_frame_async().
LB_MUST_USE
lb_error_t *lb_pool_wit_call_frame_async(lb_pool_t pool,
                                         const char *name,
                                         const lb_wit_frame_t *args,
                                         lb_wit_call_t *call,
                                         lb_wit_done_frame_t done,
                                         void *data);

// ------------------------------------------------------------------------------------------------
//
// Errors with a value of WIT, and values whose type is not known
//
// If a host function's type is a result, it may return an error of LB_KIND_WIT in place of giving an err: the payload
// becomes the err. If its type is no result, the error comes out of the outermost call as it is.

/// Makes an error of LB_KIND_WIT, for a host function to return. payload (or NULL, where an err holds nothing) is copied;
/// objects in it are the library's. The caller owns the error until it is returned. What is no value gives an error of
/// LB_KIND_TYPE.
LB_MUST_USE
lb_error_t *lb_wit_error(const lb_wit_value_t *payload);

/// The value of an error of LB_KIND_WIT; is_there receives whether there is one, since an err may hold nothing: then the
/// value is NULL. It lives as long as the error.
const lb_wit_value_t *lb_error_payload(const lb_error_t *error,
                                       bool *is_there);

/// A value as text in WAVE, whatever its type is, for people to read.
///
/// Errors: LB_KIND_TYPE if it is no value, or has a resource in it.
LB_MUST_USE
lb_error_t *lb_wit_value_text(const lb_wit_value_t *value, lb_bytes_t *text);

// ------------------------------------------------------------------------------------------------
//
// Resources of components
//
// A resource of a guest stays where it is, and crosses as a handle: a number of its store. The program closes those that
// it was given and does not give away. One that a guest lends to a host function is good until that returns, and is not
// closed. A number that was closed, given away or made up is LB_KIND_CLOSED wherever it is used.

/// Lets go of a resource: the guest's destructor runs now, or when the calls of components of this store that are at work
/// have returned. What was closed or given away is no error.
///
/// Errors: LB_KIND_BUSY if a call in flight borrows it; whatever ends the destructor.
lb_error_t *lb_wit_resource_close(lb_store_t store,
                                  uint64_t resource);

/// Whether a resource can be used: it was not closed or given away. Takes the store's turn.
LB_MUST_USE
lb_error_t *lb_wit_resource_has(lb_store_t store, uint64_t resource, bool *has);

/// Lets go of a resource later, from any thread and without waiting: it is closed by the next call of a component of this
/// store. For finalizers of languages that have them.
LB_MUST_USE
lb_error_t *lb_wit_resource_drop(lb_store_t store,
                                 uint64_t resource);

// ------------------------------------------------------------------------------------------------
//
// What is wrong with a value of a component
//
// For bindings that write frames by themselves: what they find wrong is told in the words of all hosts.

/// What is wrong: one of the LB_WIT_WRONG_ numbers.
typedef uint32_t lb_wit_wrong_sort_t;

/// What is wrong with a value. Begin with LB_WIT_WRONG, and set sort and the members that it names; the others may be
/// NULL.
typedef struct lb_wit_wrong_t {
  /// sizeof(lb_wit_wrong_t), by which the library knows what the program knew.
  size_t size;
  /// One of the LB_WIT_WRONG_ numbers.
  lb_wit_wrong_sort_t sort;
  /// The type that it should be of, as lb_wit_type_text() tells it.
  const char *expected;
  /// What it is, as the program's language calls that, or the number.
  const char *given;
  /// What sort of part: "field", "case" or "flag".
  const char *part;
  /// The part's name.
  const char *name;
  /// The names that there are.
  const char *const *known;
  /// How many there are.
  size_t nknown;
} lb_wit_wrong_t;

/// It is of another type: expected, given. "expected string, got int"
#define LB_WIT_WRONG_OTHER 1

/// A number is too large or too small for its type: given, expected. "300 does not fit in u8"
#define LB_WIT_WRONG_UNFIT 2

/// A part is missing: part, name, expected. "field \"age\" of person is missing"
#define LB_WIT_WRONG_MISSING 3

/// There is no part of this name: part, name, expected, known. "person has no field \"agee\"; there is name, age"
#define LB_WIT_WRONG_UNKNOWN 4

/// A part is given twice: part, name.
#define LB_WIT_WRONG_TWICE 5

/// It is deeper than any value can be.
#define LB_WIT_WRONG_TOO_DEEP 6

/// A text has a surrogate alone, which is no character.
#define LB_WIT_WRONG_SURROGATE 7

/// It is a resource of another store; see lb_store_number().
#define LB_WIT_WRONG_OTHER_STORE 8

/// The error that says what is wrong with the value at a place, such as "args[0].tags[1]": of LB_KIND_TYPE, or LB_KIND_RANGE
/// for a number that does not fit, LB_KIND_LIMIT for what is too deep, LB_KIND_WRONG_STORE. The caller owns it.
LB_MUST_USE
lb_error_t *lb_wit_wrong(const char *place,
                         const struct lb_wit_wrong_t *wrong);

// All members empty, for initialisers.
#define LB_WIT_WRONG { sizeof(lb_wit_wrong_t), 0, NULL, NULL, NULL, NULL, NULL, 0 }

// ------------------------------------------------------------------------------------------------
//
// Signatures of a language's own types
//
// For bindings of languages that have types. Make a signature from your language's types, and the library checks it once
// against the function's, with the same messages in every host. A signature crosses as a frame, whose layout is in
// docs/contributing/host.md. One that has only a result is the type of a value, for reading and writing text.

/// Checks that a function has a signature. type is that of a function of a component; name is how messages call it. is_host
/// says that the function is the program's, and that a component imports it with this type. is_ok receives whether the
/// result, as the signature has it, is the ok of a result that the type has: the signature says whether it may be.
///
/// Errors: LB_KIND_TYPE if it has another one, LB_KIND_LINK if it is the program's: the message says where they differ;
/// LB_KIND_UNSUPPORTED if the signature is a frame of another version.
LB_MUST_USE
lb_error_t *lb_wit_signature_check(const lb_wit_func_type_t *type,
                                   const char *name,
                                   bool is_host,
                                   const uint8_t *signature,
                                   size_t length,
                                   bool *is_ok);

/// Reads a value from its text, as lb_wit_parse_frame() does. Its type is the result of the signature.
///
/// Errors: LB_KIND_TYPE if the text is no such value; LB_KIND_RANGE.
LB_MUST_USE
lb_error_t *lb_wit_signature_parse(const uint8_t *signature,
                                   size_t length,
                                   const char *source,
                                   const lb_wit_sink_t *sink);

/// The value in a frame as text, as lb_wit_format_frame() gives it. Its type is the result of the signature. The caller
/// releases the text.
///
/// Errors: LB_KIND_TYPE if the frame is malformed, or has a resource in it.
LB_MUST_USE
lb_error_t *lb_wit_signature_format(const uint8_t *signature,
                                    size_t length,
                                    const lb_wit_frame_t *frame,
                                    lb_bytes_t *text);

// ------------------------------------------------------------------------------------------------
//
// Hosts
//
// A binding of another language that stands on this header may say how threads of that language wait, and what
// they do while a guest runs or waits: let go of a global lock, look for Ctrl-C, end the guests of a thread that
// is to stop. It installs functions for that once, when it is loaded. A program of C needs none of them.
//
//     static lb_error_t *tick(void *data, uint32_t ticks) {
//       return stop_is_wanted() ? lb_error_new(LB_KIND_CANCELLED, "the program is stopping") : NULL;
//     }
//
//     lb_host_t host = LB_HOST;
//     host.tick = tick;
//     lb_error_t *err = lb_host_install(&host);
//
// Each function may be NULL: then what stands there as "Without" holds. They are called on the thread that waits
// or runs the guest, on several at the same time, and in a forked child too. An error that one returns was owned
// by it, and comes out of the call. They may call all functions of this header, but LB_KIND_BUSY is what would
// enter the store whose guest runs, and in wait and waiting what would have to wait for a store itself.
//
// They must return: no C++ exception, no longjmp and no pthread_exit may leave them.

/// What a host does in its own way. Begin with LB_HOST and set what you like.
typedef struct lb_host_t {
  /// sizeof(lb_host_t), by which the library knows what the program knew.
  size_t size;
  /// What each function is called with. It lives as long as the process.
  void *data;
  /// Called when this thread must wait for its turn on a store, or for an instance of a pool. It calls
  /// lb_host_wait() once, with a global lock let go of around it, or returns an error of LB_KIND_BUSY without
  /// waiting. If it does neither, what waited fails with LB_KIND_INTERNAL.
  /// Without, the thread waits.
  lb_error_t *(*wait)(void *data);
  /// Called every 10 milliseconds or so on a thread that waits, inside of lb_host_wait(). An error makes it
  /// give up. A loan that is entered here takes the place of the turn.
  /// Without, it waits on.
  lb_error_t *(*waiting)(void *data);
  /// Called when this thread must wait for a guest's thread to do something for it; see lb_loan_enter(). It
  /// calls lb_host_wait() once, with a global lock let go of around it: that thread may need it.
  /// Without, the thread waits.
  void (*wait_for_guest)(void *data);
  /// Called on the thread that runs a guest when the guest is about to do what may block, such as reading a
  /// file or waiting for a loan. A host lets go of its global lock here until its own code runs again: at the
  /// start of a host function, or when the call returns.
  /// Without, nothing is done.
  void (*block)(void *data);
  /// Called on the thread that runs a guest, about once a millisecond. ticks counts from 1 in each outermost
  /// call, so a short call never gets past 1. An error ends the call, and its store is LB_KIND_POISONED then.
  /// Without, nothing is done.
  lb_error_t *(*tick)(void *data, uint32_t ticks);
  /// Called when a guest is entered: a number of the coroutine that runs, of a language whose coroutines share
  /// the native stack of a thread by copying it; 0 on a thread without any. Must be fast.
  /// Without, coroutines are told apart by their stacks.
  size_t (*coroutine)(void *data);
  /// Whether SIGPIPE is to end the process when a guest writes to its own stdout or stderr and nobody reads
  /// that any more. If not, the guest is told by an error.
  bool ends_by_sigpipe;
} lb_host_t;

/// Installs what a host does in its own way, for this process and as long as it lives. host is copied.
///
/// Errors: LB_KIND_UNSUPPORTED if there is one already, or if size is that of no version.
LB_MUST_USE
lb_error_t *lb_host_install(const struct lb_host_t *host);

/// Inside of the functions wait and wait_for_guest of lb_host_t, on their thread: waits. A second time does
/// nothing.
///
/// Errors: LB_KIND_UNSUPPORTED anywhere else.
LB_MUST_USE
lb_error_t *lb_host_wait(void);

// All functions NULL, for initialisers.
#define LB_HOST { sizeof(lb_host_t), NULL, NULL, NULL, NULL, NULL, NULL, NULL, false }

#ifdef __cplusplus
}
#endif

#endif // LANDBRIDGE_H
