// Runs a program from its start to its end.

#ifndef CONFORMANCE_PROGRAM_H
#define CONFORMANCE_PROGRAM_H

#include "item.h"

static lb_error_t *do_run_program(env *e, const node *step) {
  const node *given = tree_find(step, "args");
  const char *args[8];
  size_t count = 0;
  char file[PATH_MAX];
  int32_t exit_code;
  closed_in in = CLOSED_IN;
  for (const node *one = given ? given->first : NULL; one && count < COUNT(args); one = one->next) args[count++] = one->text;
  snprintf(file, sizeof file, "%s/modules/%s", root, tree_str(step, "module"));
  lb_error_t *error = sandbox_of(e, step, &in);
  if (!error) error = lb_run(engine_of(e, step), file, args, count, &in.sandbox, &exit_code);
  if (!error) check_number(e, step, "exit", (uint64_t)exit_code);
  if (in.sandbox.policy.id) lb_error_free(lb_policy_release(in.sandbox.policy));
  return error;
}

#endif
