// The defaults, for initialisers.
#define LB_ENGINE_OPTIONS { sizeof(lb_engine_options_t), 0, true, NULL, false, false, 0, true, 0, 0, false }
