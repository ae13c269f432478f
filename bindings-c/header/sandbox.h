// The defaults, for initialisers.
#define LB_SANDBOX                                                              \
  { sizeof(lb_sandbox_t), { 0 }, NULL, { LB_STREAM_NONE, NULL, NULL, 0 },       \
    { LB_STREAM_NONE, NULL, NULL, NULL, NULL }, { LB_STREAM_NONE, NULL, NULL, NULL, NULL } }
