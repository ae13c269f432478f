// Components over frames: what bindings stand on. Calls, blobs, host functions, the description of a component.

#include "check.h"
#include "strings.h"

// A frame of one string, which lies beside it if it is large.
typedef struct {
  uint8_t bytes[2048];
  lb_wit_blob_t blob;
  lb_wit_frame_t frame;
} text_frame_t;

static void put_text(text_frame_t *it, const char *text, size_t length) {
  uint32_t told = length < 1024 ? (uint32_t)length : UINT32_MAX;
  memset(it, 0, sizeof *it);
  memcpy(it->bytes, &told, 4);
  it->frame.bytes = it->bytes;
  if (length < 1024) {
    memcpy(it->bytes + 4, text, length);
    it->frame.length = 4 + length;
  } else {
    it->blob = (lb_wit_blob_t){ text, length, 1 };
    it->frame.length = 8;
    it->frame.blobs = &it->blob;
    it->frame.nblobs = 1;
  }
}

// What a frame of one string holds.
static const char *text_of(const lb_wit_frame_t *frame, size_t *length) {
  uint32_t told;
  memcpy(&told, frame->bytes, 4);
  if (told != UINT32_MAX) {
    *length = told;
    return (const char *)frame->bytes + 4;
  }
  *length = frame->blobs[0].bytes;
  return frame->blobs[0].data;
}

// A sink that keeps a text.
typedef struct {
  char *text;
  size_t length;
  int blobs, results;
} taken_t;

static void *take_blob(void *data, size_t bytes, size_t each) {
  taken_t *taken = data;
  CHECK(each == 1);
  taken->blobs++;
  taken->length = bytes;
  return taken->text = malloc(bytes);
}

static lb_error_t *take_result(void *data, const lb_wit_frame_t *frame) {
  taken_t *taken = data;
  taken->results++;
  CHECK(frame->nblobs == 0 && frame->nobjects == 0);
  if (!taken->blobs) {
    const char *text = text_of(frame, &taken->length);
    taken->text = malloc(taken->length + 1);
    memcpy(taken->text, text, taken->length);
  }
  return NULL;
}

static lb_error_t *shout(void *data, lb_wit_context_t *context, const lb_wit_frame_t *args) {
  size_t length;
  const char *text = text_of(args, &length);
  char name[32];
  lb_context_name(lb_wit_context_base(context), name, sizeof name);
  CHECK(!strcmp(name, "demo:app/host#shout"));
  const lb_wit_func_type_t *type = lb_wit_context_type(context);
  CHECK(type->nparams == 1 && lb_wit_type_sort(type->result) == LB_WIT_SORT_STRING);
  if (length && *text == '!') return lb_error_host("no shouting", data, NULL);
  char *upper = malloc(length + 1);
  for (size_t i = 0; i < length; i++) upper[i] = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 32) : text[i];
  text_frame_t result;
  put_text(&result, upper, length);
  lb_error_t *failed = lb_wit_context_give_frame(context, &result.frame);
  free(upper);
  return failed;
}

static int checked;

static lb_error_t *check_shout(void *data, const char *name, const lb_wit_func_type_t *type) {
  (void)data;
  checked++;
  CHECK(!strcmp(name, "demo:app/host#shout"));
  CHECK(!strcmp(type->params[0].name, "text"));
  return NULL;
}

static int dropped;

static void drop(void *data) {
  (void)data;
  dropped++;
}

static lb_instance_t strings(lb_module_t *module) {
  lb_imports_t imports;
  lb_instance_t instance;
  *module = module_of(STRINGS);
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_wit_frame(imports, "demo:app/host", "shout", shout, check_shout, &dropped, drop)));
  CHECK(good(lb_instance_new(*module, &imports, &instance)));
  CHECK(good(lb_imports_release(imports)));
  return instance;
}

static lb_wit_func_t func_of(lb_instance_t instance, const char *name) {
  lb_wit_func_t func;
  CHECK(good(lb_instance_wit_func(instance, name, &func)));
  return func;
}

static void texts_cross(void) {
  lb_module_t module;
  lb_instance_t instance = strings(&module);
  CHECK(checked == 1);
  const size_t lengths[] = { 0, 3, 1023, 1024, 100000 };
  char *text = malloc(100000);
  memset(text, 'a', 100000);
  const char *const names[] = { "echo", "through" };
  for (int n = 0; n < 2; n++) {
    lb_wit_func_t func = func_of(instance, names[n]);
    for (size_t i = 0; i < 5; i++) {
      text_frame_t args;
      taken_t taken = { NULL, 0, 0, 0 };
      lb_wit_sink_t sink = { sizeof(lb_wit_sink_t), &taken, take_blob, take_result, NULL };
      put_text(&args, text, lengths[i]);
      CHECK(good(lb_wit_func_call_frame(func, &args.frame, &sink)));
      CHECK(taken.results == 1 && taken.blobs == (lengths[i] >= 1024) && taken.length == lengths[i]);
      for (size_t k = 0; k < taken.length; k++) {
        if (taken.text[k] != (n ? 'A' : 'a')) {
          CHECK(!"the same text");
          break;
        }
      }
      free(taken.text);
    }
    CHECK(good(lb_wit_func_release(func)));
    CHECK(fails(lb_wit_func_release(func), LB_KIND_CLOSED));
  }
  free(text);
  CHECK(good(lb_instance_close(instance)));
  CHECK(dropped == 1);
  CHECK(good(lb_module_release(module)));
}

static void errors_of_the_host_come_out(void) {
  lb_module_t module;
  lb_instance_t instance = strings(&module);
  lb_wit_func_t func = func_of(instance, "through");
  text_frame_t args;
  taken_t taken = { NULL, 0, 0, 0 };
  lb_wit_sink_t sink = { sizeof(lb_wit_sink_t), &taken, take_blob, take_result, NULL };
  put_text(&args, "!", 1);
  lb_error_t *error = lb_wit_func_call_frame(func, &args.frame, &sink);
  CHECK(lb_error_host_exception(error) == &dropped);
  CHECK(fails(error, LB_KIND_HOST));
  CHECK(taken.results == 0);
  put_text(&args, "a", 1);
  CHECK(fails(lb_wit_func_call_frame(func, &args.frame, &sink), LB_KIND_POISONED));
  CHECK(good(lb_wit_func_release(func)));
  CHECK(good(lb_instance_close(instance)));
  CHECK(good(lb_module_release(module)));
}

static void types_are_told(void) {
  lb_module_t module;
  lb_instance_t instance = strings(&module);
  lb_wit_func_t names = func_of(instance, "names");
  lb_wit_func_type_t type;
  CHECK(good(lb_wit_func_type(names, &type)));
  CHECK(type.nparams == 1 && !strcmp(type.params[0].name, "it"));
  CHECK(lb_wit_type_sort(type.result) == LB_WIT_SORT_LIST);
  CHECK(!strcmp(lb_wit_type_text(type.result), "list<string>"));
  CHECK(lb_wit_type_count(type.result) == 1);
  CHECK(lb_wit_type_sort(lb_wit_type_part(type.result, 0)) == LB_WIT_SORT_STRING);
  CHECK(!lb_wit_type_part(type.result, 1) && !lb_wit_type_part_name(type.result, 0) && !lb_wit_type_name(type.result));
  CHECK(lb_wit_type_sort(NULL) == LB_WIT_SORT_NOTHING && !strcmp(lb_wit_type_text(NULL), ""));

  const lb_wit_world_t *world;
  CHECK(good(lb_module_wit_world(module, &world)));
  CHECK(world->nimports == 1 && world->imports[0].sort == LB_WIT_ITEM_INTERFACE);
  CHECK(!strcmp(world->imports[0].name, "demo:app/host") && world->imports[0].nfuncs == 1);
  CHECK(!strcmp(world->imports[0].funcs[0].text, "shout: func(text: string) -> string"));
  CHECK(world->nexports == 6 && !strcmp(world->exports[0].funcs[0].own_name, "echo"));
  const uint8_t *bytes;
  size_t length;
  CHECK(good(lb_module_wit_description(module, &bytes, &length)));
  CHECK(length > 100 && bytes[0] == 1);
  CHECK(lb_wit_interface_fits("shapes", "demo:app/shapes@1.2.0") != LB_WIT_NO_FIT);
  CHECK(lb_wit_interface_fits("shape", "demo:app/shapes@1.2.0") == LB_WIT_NO_FIT);

  taken_t taken = { NULL, 0, 0, 0 };
  lb_wit_sink_t sink = { sizeof(lb_wit_sink_t), &taken, take_blob, take_result, NULL };
  CHECK(good(lb_wit_parse_frame(lb_wit_type_part(type.result, 0), "\"Ada\"", &sink)));
  CHECK(taken.length == 3 && !memcmp(taken.text, "Ada", 3));
  free(taken.text);
  text_frame_t ada;
  put_text(&ada, "Ada", 3);
  lb_bytes_t text;
  CHECK(good(lb_wit_format_frame(lb_wit_type_part(type.result, 0), &ada.frame, &text)));
  CHECK(text.length == 5 && !memcmp(text.data, "\"Ada\"", 5));
  CHECK(good(lb_bytes_release(text)));

  CHECK(good(lb_wit_func_release(names)));
  CHECK(good(lb_instance_close(instance)));
  CHECK(good(lb_module_release(module)));
}

static void wrong_values_are_told(void) {
  lb_wit_wrong_t wrong = LB_WIT_WRONG;
  wrong.sort = LB_WIT_WRONG_OTHER;
  wrong.expected = "string";
  wrong.given = "int";
  lb_error_t *error = lb_wit_wrong("args[0].tags[1]", &wrong);
  CHECK(!strcmp(lb_error_message(error), "args[0].tags[1]: expected string, got int"));
  CHECK(fails(error, LB_KIND_TYPE));
  wrong.sort = LB_WIT_WRONG_UNFIT;
  CHECK(fails(lb_wit_wrong("args[0]", &wrong), LB_KIND_RANGE));
  wrong.sort = LB_WIT_WRONG_MISSING;
  CHECK(fails(lb_wit_wrong("args[0]", &wrong), LB_KIND_TYPE));
  wrong.size--;
  CHECK(fails(lb_wit_wrong("args[0]", &wrong), LB_KIND_UNSUPPORTED));
  wrong.size++;
  wrong.sort = 99;
  CHECK(fails(lb_wit_wrong("args[0]", &wrong), LB_KIND_TYPE));
  CHECK(fails(lb_wit_wrong(NULL, NULL), LB_KIND_TYPE));
}

int main(void) {
  texts_cross();
  errors_of_the_host_come_out();
  types_are_told();
  wrong_values_are_told();
  return finish();
}
