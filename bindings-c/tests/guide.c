// The programs of docs/guide/c.md; they are cut from here. Runs in this directory.

#include <assert.h>
#include <landbridge.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// [check]
static void check(lb_error_t *err) {
  if (!err) return;
  fprintf(stderr, "%s: %s\n", lb_error_kind_name(err), lb_error_message(err));
  for (size_t i = 0; i < lb_error_frame_count(err); i++) {
    const lb_frame_t *frame = lb_error_frame(err, i);
    fprintf(stderr, "    at %s\n", frame->func_name ? frame->func_name : "an unnamed function");
  }
  lb_error_free(err);
  exit(1);
}
// [end check]

// [later]
static void *answer(void *loan) {  // any thread, whenever it likes
  lb_value_t result[1] = { LB_I32(42) };
  lb_error_free(lb_loan_answer(*(lb_loan_t *)loan, result, 1));
  return NULL;
}

static lb_error_t *fetch(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                         lb_value_t *results, size_t nresults) {
  (void)data, (void)args, (void)nargs;
  lb_loan_t loan; pthread_t thread;
  lb_error_t *err = lb_context_lend(context, &loan);
  if (err) return err;
  pthread_create(&thread, NULL, answer, &loan);
  err = lb_loan_wait(loan, results, nresults);  // the guest waits; deadlines hold
  pthread_join(thread, NULL);
  lb_error_free(lb_loan_release(loan));
  return err;
}
// [end later]

static void answers_that_come_later(void) {
  lb_module_t module; lb_instance_t app; lb_imports_t imports;
  lb_value_t result[1];
  check(lb_module_load_file(NULL, "app.wat", &module));
  check(lb_imports_new(&imports));
  check(lb_imports_func(imports, "env", "read_line", fetch, NULL, NULL));
  check(lb_instance_new(module, &imports, &app));
  check(lb_instance_call(app, "run", NULL, 0, result, 1));
  assert(result[0].of.i32 == 42);
  check(lb_instance_close(app));
  check(lb_imports_release(imports));
  check(lb_module_release(module));
}

static void load_and_call(void) {
  // [call]
  lb_module_t module; lb_instance_t calc; lb_func_t add;
  lb_error_t *err = lb_module_load_file(NULL, "calc.wat", &module);
  if (!err) err = lb_instance_new(module, NULL, &calc);
  if (!err) err = lb_instance_func(calc, "add", &add);
  lb_value_t args[2] = { LB_I32(2), LB_I32(3) }, result[1];
  if (!err) err = lb_func_call(add, args, 2, result, 1);
  if (err) { fprintf(stderr, "%s: %s\n", lb_error_kind_name(err), lb_error_message(err)); lb_error_free(err); }
  // [end call]
  assert(!err && result[0].of.i32 == 5);

  // [by-name]
  check(lb_instance_call(calc, "add", args, 2, result, 1));
  printf("%d\n", result[0].of.i32);
  // [end by-name]

  // [errors]
  lb_value_t zero[2] = { LB_I32(1), LB_I32(0) };
  err = lb_instance_call(calc, "divide", zero, 2, result, 1);
  if (lb_error_trap_code(err) == LB_TRAP_INTEGER_DIVISION_BY_ZERO) puts("divided by zero");
  lb_error_free(err);
  // [end errors]

  // [memory]
  lb_memory_t memory; lb_view_t view;
  check(lb_instance_memory(calc, "memory", &memory));
  check(lb_memory_write(memory, 16, "hello", 5));  // checked and copied
  check(lb_memory_view(memory, &view));            // in place
  printf("%.5s\n", (const char *)view.data + 16);
  check(lb_view_release(view));
  // [end memory]

  // [closing]
  lb_func_release(add);      // gives the handle up; in any order
  lb_memory_release(memory);
  lb_module_release(module);
  lb_instance_close(calc);   // ends the instance and frees its memory
  // [end closing]
}

// [host-function]
static lb_error_t *read_line(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                             lb_value_t *results, size_t nresults) {
  const char *line = data;
  (void)nargs, (void)nresults;  // as many as the module's import says
  lb_extern_t memory;
  lb_error_t *err = lb_context_export(context, "memory", &memory);
  if (err) return err;
  err = lb_memory_write(memory.of.memory, (uint32_t)args[0].of.i32, line, strlen(line));
  lb_error_free(lb_extern_release(memory));
  results[0] = lb_i32((int32_t)strlen(line));
  return err;
}
// [end host-function]

// [failing]
static lb_error_t *refuse(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                          lb_value_t *results, size_t nresults) {
  (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  return lb_error_host("not today", data, NULL);
}
// [end failing]

static void host_functions(void) {
  // [imports]
  lb_module_t module; lb_instance_t app; lb_imports_t imports;
  check(lb_module_load_file(NULL, "app.wat", &module));
  check(lb_imports_new(&imports));
  check(lb_imports_func(imports, "env", "read_line", read_line, strdup("a line"), free));
  check(lb_instance_new(module, &imports, &app));
  lb_value_t length[1];
  check(lb_instance_call(app, "run", NULL, 0, length, 1));
  printf("%d\n", length[0].of.i32);
  // [end imports]
  assert(length[0].of.i32 == 6);
  lb_instance_close(app);

  // [exception]
  int mine;
  check(lb_imports_func(imports, "env", "read_line", refuse, &mine, NULL));
  check(lb_instance_new(module, &imports, &app));
  lb_error_t *err = lb_instance_call(app, "run", NULL, 0, length, 1);
  if (lb_error_host_exception(err) == &mine) puts(lb_error_message(err));
  lb_error_free(err);
  // [end exception]
  assert(err);
  lb_instance_close(app);
  lb_imports_release(imports);
  lb_module_release(module);
}

// [values-throw]
static lb_error_t *refuse_number(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                                 lb_value_t *results, size_t nresults) {
  (void)context, (void)nargs, (void)results, (void)nresults;
  lb_tag_t *refused = data; lb_exception_t exception;
  lb_error_t *err = lb_exception_new(*refused, args, 1, &exception);  // the payload, an i32
  if (err) return err;
  err = lb_error_throw(exception);                                    // the guest can catch it
  lb_exception_release(exception);
  return err;
}
// [end values-throw]

static lb_tag_t refused;

static lb_instance_t values_guest(void) {
  lb_module_t module; lb_instance_t guest; lb_imports_t imports;
  check(lb_module_load_file(NULL, "values.wat", &module));
  check(lb_imports_new(&imports));
  check(lb_imports_func(imports, "env", "check", refuse_number, &refused, NULL));
  check(lb_instance_new(module, &imports, &guest));
  check(lb_instance_tag(guest, "refused", &refused));
  check(lb_imports_release(imports));
  check(lb_module_release(module));
  return guest;
}

static void values(void) {
  lb_instance_t guest = values_guest();
  {
    // [values-vector]
    const float one[4] = { 1, 2, 3, 4 }, ten[4] = { 10, 20, 30, 40 };
    lb_value_t args[2] = { lb_v128(lb_v128_f32x4(one)), lb_v128(lb_v128_f32x4(ten)) }, sum[1];
    check(lb_instance_call(guest, "add", args, 2, sum, 1));
    float last = lb_v128_f32x4_lane(sum[0].of.v128, 3);
    // [end values-vector]
    assert(last == 44);
  }
  {
    lb_module_t module; lb_instance_t upper; lb_memory_t memory; size_t length; char text[16];
    check(lb_module_load_file(NULL, "../../conformance/modules/upper.wat", &module));
    check(lb_instance_new(module, NULL, &upper));
    check(lb_instance_memory(upper, "memory", &memory));
    // [values-text]
    lb_value_t room[1] = { LB_I32(16) }, args[2];
    check(lb_instance_call(upper, "alloc", room, 1, args, 1));  // the guest says where there is room
    uint32_t at = (uint32_t)args[0].of.i32;
    check(lb_memory_write_text(memory, at, "größe", &length));  // 7 bytes: UTF-8, without a zero byte
    args[1] = lb_i32((int32_t)length);
    check(lb_instance_call(upper, "upper", args, 2, NULL, 0));
    check(lb_memory_read_text(memory, at, length, text, sizeof text, NULL));
    // [end values-text]
    assert(!strcmp(text, "GRößE"));
    lb_memory_release(memory), lb_instance_close(upper), lb_module_release(module);
  }
  {
    // [values-object]
    int mine; void *same;
    lb_externref_t object; lb_value_t args[1], result[1];
    check(lb_externref_new(&mine, NULL, &object));  // NULL, or the function that frees it
    args[0] = lb_externref(object);
    check(lb_instance_call(guest, "same", args, 1, result, 1));
    check(lb_externref_data(result[0].of.externref, NULL, &same));  // &mine
    lb_value_release(&result[0]);
    lb_externref_release(object);
    // [end values-object]
    assert(same == &mine);
  }
  {
    // [values-gc]
    lb_value_t args[2] = { LB_F64(1.5), LB_F64(2) }, point[1], x[1];
    check(lb_instance_call(guest, "point", args, 2, point, 1));  // an LB_TYPE_STRUCTREF
    lb_gcref_t object = point[0].of.gcref;
    check(lb_gcref_get(object, 0, x));
    check(lb_gcref_set(object, 0, lb_f64(x[0].of.f64 + 2)));     // seen by the guest
    check(lb_instance_call(guest, "x", point, 1, x, 1));
    lb_value_release(&point[0]);
    // [end values-gc]
    assert(x[0].of.f64 == 3.5);
  }
  {
    lb_value_t arg[1] = { LB_I32(7) };
    lb_value_t payload[1] = { LB_I32(0) };
    // [values-exception]
    lb_error_t *err = lb_instance_call(guest, "refuse", arg, 1, NULL, 0);
    lb_exception_t exception; lb_tag_t tag;
    check(lb_error_exception(err, &exception));  // 0 for an error of another kind
    check(lb_exception_tag(exception, &tag));
    if (lb_tag_same(tag, refused)) check(lb_exception_payload(exception, payload, 1));
    lb_exception_release(exception), lb_tag_release(tag);
    lb_error_free(err);
    // [end values-exception]
    assert(payload[0].of.i32 == 7);
    lb_value_t result[1];
    check(lb_instance_call(guest, "try", arg, 1, result, 1));
    assert(result[0].of.i32 == 7);
  }
  lb_tag_release(refused), lb_instance_close(guest);
}

static void linking(void) {
  lb_module_t user, calc_module, level_module;
  check(lb_module_load_file(NULL, "user.wat", &user));
  check(lb_module_load_file(NULL, "calc.wat", &calc_module));
  check(lb_module_load_file(NULL, "level.wat", &level_module));
  lb_value_t args[2] = { LB_I32(5), LB_I32(77) }, result[1];
  lb_instance_t one, two, calc, level;
  lb_store_t store;
  {
    // [linking-memory]
    lb_memory_t memory; lb_imports_t imports;
    lb_memory_type_t type = { .min = 1, .max = LB_NO_MAX };
    check(lb_store_new(NULL, &store));
    check(lb_memory_new(store, &type, &memory));
    check(lb_imports_new(&imports));
    check(lb_imports_define(imports, "env", "memory", lb_extern_memory(memory)));
    check(lb_store_instantiate(store, user, &imports, &one));
    check(lb_store_instantiate(store, user, &imports, &two));
    check(lb_instance_call(one, "put", args, 2, NULL, 0));
    check(lb_instance_call(two, "get", args, 1, result, 1));  // 77
    // [end linking-memory]
    assert(result[0].of.i32 == 77);
    lb_memory_release(memory), lb_imports_release(imports), lb_store_close(store);
  }
  {
    // [linking-instance]
    lb_imports_t imports;
    check(lb_store_new(NULL, &store));
    check(lb_store_instantiate(store, calc_module, NULL, &calc));
    check(lb_imports_new(&imports));
    check(lb_imports_instance(imports, "env", calc));  // all exports of calc
    check(lb_store_instantiate(store, user, &imports, &two));
    check(lb_instance_call(two, "put", args, 2, NULL, 0));
    // [end linking-instance]
    lb_imports_release(imports), lb_store_close(store);
  }
  {
    // [linking-value]
    lb_imports_t imports;
    check(lb_imports_new(&imports));
    check(lb_imports_value(imports, "env", "level", lb_i64(3)));  // for a global i64
    check(lb_instance_new(level_module, &imports, &level));
    check(lb_instance_call(level, "level", NULL, 0, result, 1));
    // [end linking-value]
    assert(result[0].of.i64 == 3);
    lb_imports_release(imports), lb_instance_close(level);
  }
  lb_module_release(user), lb_module_release(calc_module), lb_module_release(level_module);
}

static void files(void) {
  {
    // [precompiled]
    lb_module_t module, calc;
    check(lb_module_load_file(NULL, "calc.wat", &module));
    check(lb_module_compile(module, "calc.code"));
    // Machine code: only load what you made, or would run as a program.
    check(lb_module_load_precompiled(NULL, "calc.code", &calc));
    // [end precompiled]
    remove("calc.code");
    lb_module_release(module), lb_module_release(calc);
  }
  {
    // [inspect]
    lb_inspection_t found; const lb_import_t *imports; size_t count; char type[80];
    check(lb_inspect_file("app.wat", &found));  // nothing is compiled
    check(lb_inspection_imports(found, &imports, &count));
    for (size_t i = 0; i < count; i++) {
      lb_extern_type_text(&imports[i].type, type, sizeof type);
      printf("%s.%s: %s\n", imports[i].module, imports[i].name, type);
    }
    const char *json;
    check(lb_inspection_json(found, &json));  // all of it, the same text in every language
    printf("%s\n", json);
    lb_inspection_release(found);
    // [end inspect]
    assert(count == 1 && !strcmp(type, "func (i32) -> (i32)"));
  }
}

static void *spin(void *guest) { return lb_instance_call(*(lb_instance_t *)guest, "spin", NULL, 0, NULL, 0); }

static void cancel(lb_module_t greet) {
  lb_instance_t guest; pthread_t worker; void *result;
  check(lb_instance_new(greet, NULL, &guest));
  // [sandbox-cancel]
  lb_store_t store;
  check(lb_instance_store(guest, &store));
  pthread_create(&worker, NULL, spin, &guest);  // its call does not end by itself
  usleep(20000);
  check(lb_store_cancel(store));                // from any thread; does not wait
  pthread_join(worker, &result);
  lb_error_t *err = result;
  if (lb_error_kind(err) == LB_KIND_CANCELLED) puts("cancelled");
  lb_error_free(err);
  // [end sandbox-cancel]
  assert(err);
  lb_store_release(store), lb_instance_close(guest);
}

static void memory_folder(void) {
  lb_module_t count; lb_instance_t program; lb_store_t store; int32_t exit_code;
  check(lb_module_load_file(NULL, "../../conformance/modules/count.wasm", &count));
  // [sandbox-files]
  lb_policy_t policy; lb_limits_t limits = LB_LIMITS; lb_sandbox_t sandbox = LB_SANDBOX; lb_bytes_t refusals;
  const lb_file_t poem = { "poem.txt", "one two\n", 8 };
  const char *args[] = { "count", "/tmp/poem.txt", "/tmp/../secret.txt" };
  check(lb_policy_new(&policy));
  check(lb_policy_memory_dir(policy, "/tmp", &poem, 1, LB_ACCESS_WRITE));  // each store's own
  check(lb_policy_args(policy, args, 3));
  limits.written_bytes = 1 << 20, limits.open_files = 16;
  sandbox.policy = policy, sandbox.limits = &limits, sandbox.refusals.to = LB_STREAM_CAPTURE;
  check(lb_instance_new_with(count, NULL, &sandbox, &program));
  check(lb_instance_run(program, &exit_code));                             // 2: one of the two could not be opened
  check(lb_instance_store(program, &store)), check(lb_store_refusals(store, &refusals));
  fputs((const char *)refusals.data, stdout);  // refused: path_open "../secret.txt" below "/tmp": not permitted
  // [end sandbox-files]
  assert(exit_code == 2);
  assert(!strcmp((const char *)refusals.data, "refused: path_open \"../secret.txt\" below \"/tmp\": not permitted\n"));
  check(lb_bytes_release(refusals)), check(lb_store_release(store)), check(lb_instance_close(program));
  check(lb_policy_release(policy)), check(lb_module_release(count));
}

static void network(void) {
  // [sandbox-network]
  lb_policy_t policy; bool may_connect, may_post;
  check(lb_policy_new(&policy));
  check(lb_policy_name(policy, "*.example.org", "443"));                   // ports: "443", "8000-8999" or "*"
  check(lb_policy_http(policy, "https", "api.example.org", "443", "GET"));
  check(lb_policy_allows_name_port(policy, "www.example.org", 443, &may_connect));
  check(lb_policy_allows_http(policy, "https", "api.example.org", 443, "POST", &may_post));
  // [end sandbox-network]
  assert(may_connect && !may_post);
  check(lb_policy_release(policy));
}

static void sandboxes(void) {
  lb_module_t greet;
  check(lb_module_load_file(NULL, "greet.wat", &greet));
  cancel(greet);
  memory_folder();
  network();
  {
    // [sandbox-limits]
    lb_limits_t limits = LB_LIMITS; lb_sandbox_t sandbox = LB_SANDBOX; lb_instance_t guest;
    limits.memory_bytes = 64 << 20;   // LB_KIND_MEMORY_LIMIT
    limits.fuel         = 10000000;   // LB_KIND_FUEL
    limits.timeout_ms   = 500;        // LB_KIND_TIMEOUT
    sandbox.limits = &limits;         // what is 0 is not bounded
    check(lb_instance_new_with(greet, NULL, &sandbox, &guest));
    lb_error_t *err = lb_instance_call(guest, "spin", NULL, 0, NULL, 0);
    if (lb_error_kind(err) == LB_KIND_FUEL) puts(lb_error_message(err));
    lb_error_free(err);
    // [end sandbox-limits]
    assert(err);
    lb_instance_close(guest);
  }
  {
    // [sandbox-policy]
    lb_policy_t policy; lb_sandbox_t sandbox = LB_SANDBOX; lb_instance_t program; int32_t exit_code;
    check(lb_policy_new(&policy));                                 // grants nothing
    check(lb_policy_dir(policy, "/data", "data", LB_ACCESS_READ)); // the guest's name, the host's
    check(lb_policy_env(policy, "LANG", "C"));
    sandbox.policy = policy;
    sandbox.out.to = LB_STREAM_INHERIT;
    check(lb_instance_new_with(greet, NULL, &sandbox, &program));
    check(lb_instance_run(program, &exit_code));
    // [end sandbox-policy]
    assert(exit_code == 0);
    lb_policy_release(policy), lb_instance_close(program);
  }
  {
    int32_t exit_code;
    // [sandbox-output]
    lb_sandbox_t sandbox = LB_SANDBOX; lb_instance_t program; lb_store_t store; lb_bytes_t out;
    sandbox.out.to = LB_STREAM_CAPTURE;
    check(lb_instance_new_with(greet, NULL, &sandbox, &program));
    check(lb_instance_run(program, &exit_code));          // 8, an error of WASI: nothing was granted
    check(lb_instance_store(program, &store));
    check(lb_store_stdout(store, &out));                  // what was written since the last time
    printf("%d: %s", exit_code, (const char *)out.data);  // out.length bytes; a zero byte follows
    // [end sandbox-output]
    assert(exit_code == 8 && !strcmp((const char *)out.data, "no greeting\n"));
    lb_bytes_release(out), lb_store_release(store);
    lb_instance_close(program);
  }
  {
    char json[256];
    // [sandbox-json]
    lb_policy_t asked, most, policy;
    check(lb_policy_from_file("policy.json", &asked));
    check(lb_policy_from_json("{\"dirs\": {\"/data\": {\"path\": \"data\"}}, \"env\": {\"LANG\": \"C\"}}", &most));
    check(lb_policy_restrict(asked, most, &policy));  // what both grant: /data, but read-only
    check(lb_policy_to_json(policy, json, sizeof json, NULL));
    if (!lb_policy_allows(most, asked)) printf("it gets less than it asked for: %s\n", json);
    // [end sandbox-json]
    assert(lb_policy_same(policy, most));
    lb_policy_release(asked), lb_policy_release(most), lb_policy_release(policy);
  }
  lb_module_release(greet);
}

// [async-call]
// Called once, on a thread of the library. The error and the results are valid until it returns.
static void on_sum(void *data, const lb_error_t *error, const lb_value_t *results, size_t count) {
  (void)data, (void)count;
  if (error) fprintf(stderr, "%s\n", lb_error_message(error));
  else printf("%d\n", results[0].of.i32);
}

static void add_later(lb_instance_t calc) {
  lb_call_t call; lb_value_t args[2] = { LB_I32(2), LB_I32(3) }, sum;
  check(lb_instance_call_async(calc, "add", args, 2, &call, on_sum, NULL));  // does not wait
  check(lb_call_wait(call, &sum, 1));     // where there is something to wait for
  check(lb_call_release(call));           // without the wait, the call would go on
}
// [end async-call]

static void asynchronous_calls(void) {
  lb_module_t calc_module, greet; lb_instance_t calc, guest;
  check(lb_module_load_file(NULL, "calc.wat", &calc_module));
  check(lb_module_load_file(NULL, "greet.wat", &greet));
  check(lb_instance_new(calc_module, NULL, &calc));
  check(lb_instance_new(greet, NULL, &guest));
  add_later(calc);
  {
    // [async-cancel]
    lb_call_t call;
    check(lb_instance_call_async(guest, "spin", NULL, 0, &call, NULL, NULL));
    usleep(20000);
    check(lb_call_cancel(call));          // this call and no other
    lb_error_t *err = lb_call_wait(call, NULL, 0);
    if (lb_error_kind(err) == LB_KIND_CANCELLED) puts("cancelled");
    lb_error_free(err);
    check(lb_call_release(call));
    // [end async-cancel]
    assert(err);
  }
  {
    // [map]
    lb_func_t divide;
    int32_t xs[3] = { 10, 20, 30 }, two = 2, halves[3];
    check(lb_instance_func(calc, "divide", &divide));
    lb_column_t columns[2] = { LB_COLUMN(LB_TYPE_I32, xs, 3), LB_REPEATED(LB_TYPE_I32, &two) };
    lb_result_column_t out = LB_RESULT_COLUMN(LB_TYPE_I32, halves, 3);
    lb_error_t *failed = lb_func_map(divide, columns, 2, &out, 1, NULL);
    if (failed) fprintf(stderr, "row %lld: %s\n", (long long)lb_error_row(failed), lb_error_message(failed));
    lb_error_free(failed);
    // [end map]
    assert(!failed && halves[0] == 5 && halves[2] == 15);
    check(lb_func_release(divide));
    // [pool]
    lb_pool_options_t options = LB_POOL_OPTIONS; lb_pool_t pool; lb_instance_t one;
    options.max = 4;                      // else as many as the machine has cores
    options.wait_ms = 5000;               // then LB_KIND_BUSY
    lb_value_t args[2] = { LB_I32(2), LB_I32(3) }, five, also_five;
    check(lb_pool_new(calc_module, NULL, NULL, &options, &pool));
    check(lb_pool_get(pool, &one));       // from any thread
    check(lb_instance_call(one, "add", args, 2, &five, 1));
    check(lb_instance_close(one));        // gives it back; a fresh one takes its place
    check(lb_pool_call(pool, "add", args, 2, &also_five, 1));  // all of it in one step
    check(lb_pool_release(pool));
    // [end pool]
    assert(five.of.i32 == 5 && also_five.of.i32 == 5);
  }
  lb_instance_close(calc), lb_instance_close(guest);
  lb_module_release(calc_module), lb_module_release(greet);
}

static void slots(void) {
  lb_value_t args[2] = { LB_I32(2), LB_I32(3) }, five;
  lb_module_t module;
  // [slots]
  lb_engine_options_t options = LB_ENGINE_OPTIONS; lb_engine_t engine; lb_pool_t pool;
  lb_pool_counts_t counts = LB_POOL_COUNTS;
  options.pool_slots = 100;             // once, for all pools together
  check(lb_engine_new(&options, &engine));
  check(lb_module_load_file(&engine, "calc.wat", &module));
  check(lb_pool_new(module, NULL, NULL, NULL, &pool));
  check(lb_pool_call(pool, "add", args, 2, &five, 1));
  check(lb_pool_counts(pool, &counts)); // made: 2, in_slots: 2
  // [end slots]
  assert(five.of.i32 == 5 && counts.made == 2 && counts.in_slots == 2);
  lb_pool_release(pool), lb_module_release(module), lb_engine_release(engine);
}

int main(void) {
  load_and_call();
  host_functions();
  answers_that_come_later();
  values();
  linking();
  files();
  sandboxes();
  asynchronous_calls();
  slots();
  puts("9 passed, 0 failed");
  return 0;
}
