// The process's own streams, to begin a sandbox of lb_run() with.
#define LB_INHERIT { LB_STREAM_INHERIT, NULL, NULL, NULL, NULL }
#define LB_PROGRAM                                                           \
  { sizeof(lb_sandbox_t), { 0 }, NULL, { LB_STREAM_INHERIT, NULL, NULL, 0 }, \
    LB_INHERIT, LB_INHERIT, LB_OUTPUT }
