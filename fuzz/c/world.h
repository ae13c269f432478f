// The objects that operations choose from: each thread has some of its own, and all share some.

#ifndef WORLD_H
#define WORLD_H

#include "oracle.h"

typedef enum {
  ENGINE, MODULE, STORE, IMPORTS, INSTANCE, FUNC, MEMORY, TABLE, GLOBAL, TAG, EXTERNREF, EXCEPTION, GCREF, CALL, LOAN, POOL,
  INSPECTION, POLICY, WIT_FUNC, WIT_CALL, KINDS
} sort;

enum { OWN = 3, SHARED = 4, THREADS = 16 };

static atomic_ullong shared[KINDS][SHARED];
// By the numbers of the threads; those of 0 are not used.
static uint64_t own[THREADS + 1][KINDS][OWN];
// Engines and modules that are there during the whole run.
static lb_engine_t engines[3];
enum { BASES = 4 };
static lb_module_t bases[BASES];

// Whatever is in one of the places: mostly an object that is alive, or was.
static uint64_t some(sort kind) {
  uint64_t id = 0;
  for (int tries = 0; tries < 4 && !id; tries++) {
    int is_own = me->number && below(5) < 3;
    id = is_own ? own[me->number][kind][below(OWN)] : atomic_load(&shared[kind][below(SHARED)]);
  }
  return id;
}

// The number of a handle: at times 0, of another kind, made up or near to a good one.
static uint64_t pick(sort kind) {
  switch (below(32)) {
    case 0: return 0;
    case 1: return any();
    case 2: return some((sort)below(KINDS));
    case 3: return some(kind) ^ (UINT64_C(1) << below(64));
    default: return some(kind);
  }
}

// A handle that no other thread can release, whose lent texts and arrays may be read therefore.
static uint64_t mine(sort kind) { return me->number ? own[me->number][kind][below(OWN)] : 0; }

#define PICK(type, kind) ((type){ pick(kind) })
#define MINE(type, kind) ((type){ mine(kind) })

// Gives up a handle. It may have been given up before.
static void give_up(sort kind, uint64_t id) {
  int ends = one_in(4);
  if (!id) return;
  switch (kind) {
    case ENGINE: TRY(HANDLE, lb_engine_release((lb_engine_t){ id })); break;
    case MODULE: TRY(HANDLE, lb_module_release((lb_module_t){ id })); break;
    case STORE:
      if (ends) TRY(HANDLE, lb_store_close((lb_store_t){ id }));
      else TRY(HANDLE, lb_store_release((lb_store_t){ id }));
      break;
    case IMPORTS: TRY(HANDLE, lb_imports_release((lb_imports_t){ id })); break;
    case INSTANCE:
      if (ends) TRY(HANDLE, lb_instance_close((lb_instance_t){ id }));
      else TRY(HANDLE, lb_instance_release((lb_instance_t){ id }));
      break;
    case FUNC: TRY(HANDLE, lb_func_release((lb_func_t){ id })); break;
    case MEMORY: TRY(HANDLE, lb_memory_release((lb_memory_t){ id })); break;
    case TABLE: TRY(HANDLE, lb_table_release((lb_table_t){ id })); break;
    case GLOBAL: TRY(HANDLE, lb_global_release((lb_global_t){ id })); break;
    case TAG: TRY(HANDLE, lb_tag_release((lb_tag_t){ id })); break;
    case EXTERNREF: TRY(HANDLE, lb_externref_release((lb_externref_t){ id })); break;
    case EXCEPTION: TRY(HANDLE, lb_exception_release((lb_exception_t){ id })); break;
    case GCREF: TRY(HANDLE, lb_gcref_release((lb_gcref_t){ id })); break;
    case CALL: TRY(HANDLE, lb_call_release((lb_call_t){ id })); break;
    case LOAN: TRY(HANDLE, lb_loan_release((lb_loan_t){ id })); break;
    case POOL: TRY(HANDLE, lb_pool_release((lb_pool_t){ id })); break;
    case INSPECTION: TRY(HANDLE, lb_inspection_release((lb_inspection_t){ id })); break;
    case POLICY: TRY(HANDLE, lb_policy_release((lb_policy_t){ id })); break;
    case WIT_FUNC: TRY(HANDLE, lb_wit_func_release((lb_wit_func_t){ id })); break;
    case WIT_CALL: TRY(HANDLE, lb_wit_call_release((lb_wit_call_t){ id })); break;
    case KINDS: break;
  }
}

// Puts a new handle in the place of another one, which is mostly given up, or stays there, stale.
static void keep(sort kind, uint64_t id) {
  uint64_t former;
  if (!id) return;
  if (me->number && one_in(2)) {
    uint64_t *place = &own[me->number][kind][below(OWN)];
    former = *place;
    *place = id;
  } else {
    former = atomic_exchange(&shared[kind][below(SHARED)], id);
  }
  give_up(kind, former);
}

// Gives up one that is kept; its number stays. At times one that was never handed out: what is changed is the parity of
// its generation, since a number that is only near may be that of somebody else's object.
static void drop_one(void) {
  sort kind = (sort)below(KINDS);
  uint64_t id = some((sort)(one_in(8) ? below(KINDS) : kind));
  give_up(kind, id && one_in(8) ? id ^ UINT64_C(1) << 32 : id);
}

// Gives up everything that is left. One thread does it for all.
static void world_end(void) {
  for (int kind = KINDS - 1; kind >= 0; kind--) {
    for (int i = 0; i < SHARED; i++) give_up((sort)kind, atomic_exchange(&shared[kind][i], 0));
    for (int thread = 1; thread <= THREADS; thread++) {
      for (int i = 0; i < OWN; i++) {
        uint64_t id = own[thread][kind][i];
        own[thread][kind][i] = 0;
        give_up((sort)kind, id);
      }
    }
  }
}

#endif
