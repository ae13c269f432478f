// The defaults, for initialisers.
#define LB_OUTPUT { LB_STREAM_NONE, NULL, NULL, NULL, NULL }
#define LB_SANDBOX                                                        \
  { sizeof(lb_sandbox_t), { 0 }, NULL, { LB_STREAM_NONE, NULL, NULL, 0 }, \
    LB_OUTPUT, LB_OUTPUT, LB_OUTPUT }
