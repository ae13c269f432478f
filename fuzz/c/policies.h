// Operations on policies, of folders, networks and the rest.

#ifndef POLICIES_H
#define POLICIES_H

#include "refs.h"

static const char *pick_text(const char *const *texts_of, size_t count) { return texts_of[below(count)]; }
#define ONE_OF(...) pick_text((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static const char *network(void) { return ONE_OF("10.0.0.0/8", "10.1.2.3", "::1", "2001:db8::/32", "0.0.0.0/0", "::ffff:10.0.0.0/104", "1/2", ""); }
static const char *ports(void) { return ONE_OF("443", "80-90", "*", "90-80", "0", "65536", "x", ""); }
static const char *host(void) { return ONE_OF("example.org", "*.example.org", "*", "EXAMPLE.org.", "a..b", "\xc3\xa9", ""); }

static void policy_new(void) {
  static const char *const JSON[] = {
    "{}", "{\"clock\":\"real\",\"random\":{\"seed\":1}}", "{\"dirs\":{\"/m\":{\"files\":{\"file\":\"x\"},\"access\":\"write\"}}}",
    "{\"env\":{\"A\":\"B\"},\"args\":[\"a\"]}", "{\"network\":{\"names\":[{\"name\":\"*\",\"ports\":\"*\"}]}}", "{\"x\":1}", "[", "",
  };
  lb_policy_t policy;
  switch (below(3)) {
    case 0: if (TRY(KIND(LIMIT), lb_policy_new(&policy))) keep(POLICY, policy.id); break;
    case 1: if (TRY(HANDLE, lb_policy_from_json(pick_text(JSON, 8), &policy))) keep(POLICY, policy.id); break;
    default: TRY(KIND(IO) | KIND(TYPE), lb_policy_from_file(folder, &policy));
  }
}

static void policy_grant(void) {
  lb_policy_t policy = PICK(lb_policy_t, POLICY);
  const lb_file_t files[2] = { { "file", "in it", 5 }, { name(), NULL, 0 } };
  const char *const args[2] = { "prog", name() };
  switch (below(14)) {
    case 0: TRY(HANDLE, lb_policy_dir(policy, "/data", folder, 1 + (lb_access_t)below(3))); break;
    case 1: TRY(HANDLE, lb_policy_memory_dir(policy, name(), files, below(3), 1 + (lb_access_t)below(3))); break;
    case 2: TRY(HANDLE, lb_policy_env(policy, name(), "value")); break;
    case 3: TRY(HANDLE, lb_policy_args(policy, args, below(3))); break;
    case 4: TRY(HANDLE, lb_policy_clock_real(policy)); break;
    case 5: TRY(HANDLE, lb_policy_clock_stepped(policy, number(), number())); break;
    case 6: TRY(HANDLE, one_in(2) ? lb_policy_clock_none(policy) : lb_policy_clock_fixed(policy, number())); break;
    case 7: TRY(HANDLE, lb_policy_random_secure(policy)); break;
    case 8: TRY(HANDLE, one_in(2) ? lb_policy_random_none(policy) : lb_policy_random_seed(policy, number())); break;
    case 9: TRY(HANDLE, lb_policy_tcp_connect(policy, network(), ports())); break;
    case 10: TRY(HANDLE, lb_policy_tcp_bind(policy, network(), ports())); break;
    case 11: TRY(HANDLE, one_in(2) ? lb_policy_udp_connect(policy, network(), ports()) : lb_policy_udp_bind(policy, network(), ports())); break;
    case 12: TRY(HANDLE, lb_policy_name(policy, host(), ports())); break;
    default: TRY(HANDLE, lb_policy_http(policy, ONE_OF("http", "https", "*", "ftp"), host(), ports(), ONE_OF("GET", "*", "", "a b")));
  }
}

static void policy_ask(void) {
  lb_policy_t policy = PICK(lb_policy_t, POLICY);
  uint16_t port = (uint16_t)number();
  bool allowed = true;
  int well;
  switch (below(7)) {
    case 0: well = TRY(HANDLE, lb_policy_allows_tcp_connect(policy, network(), port, &allowed)); break;
    case 1: well = TRY(HANDLE, lb_policy_allows_tcp_bind(policy, network(), port, &allowed)); break;
    case 2: well = TRY(HANDLE, lb_policy_allows_udp_connect(policy, network(), port, &allowed)); break;
    case 3: well = TRY(HANDLE, lb_policy_allows_udp_bind(policy, network(), port, &allowed)); break;
    case 4: well = TRY(HANDLE, lb_policy_allows_name(policy, host(), &allowed)); break;
    case 5: well = TRY(HANDLE, lb_policy_allows_name_port(policy, host(), port, &allowed)); break;
    default: well = TRY(HANDLE, lb_policy_allows_http(policy, "https", host(), port, "GET", &allowed));
  }
  if (!well && allowed) found("allowed in spite of an error");
}

static void policy_compare(void) {
  lb_policy_t policy = PICK(lb_policy_t, POLICY), by = PICK(lb_policy_t, POLICY), made;
  char text[4096];
  size_t length = 0;
  switch (below(4)) {
    case 0: if (TRY(HANDLE, lb_policy_clone(policy, &made))) keep(POLICY, made.id); break;
    case 1: lb_policy_allows(policy, by); lb_policy_same(policy, by); break;
    case 2: TRY(HANDLE, lb_policy_to_json(policy, text, one_in(2) ? sizeof text : below(100), one_in(8) ? NULL : &length)); break;
    default: {
      // What both grant is granted by each, as they are now: a copy that nobody else changes.
      lb_policy_t a, b;
      if (!TRY(HANDLE, lb_policy_clone(policy, &a))) break;
      if (TRY(HANDLE, lb_policy_clone(by, &b))) {
        if (TRY(0, lb_policy_restrict(a, b, &made))) {
          if (!lb_policy_allows(a, made) || !lb_policy_allows(b, made)) found("a policy was made wider");
          keep(POLICY, made.id);
        }
        TRY(0, lb_policy_release(b));
      }
      TRY(0, lb_policy_release(a));
    }
  }
}

#endif
