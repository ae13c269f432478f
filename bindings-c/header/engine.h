// The defaults, for initialisers.
// generated: c.option_zeros
#define LB_ENGINE_OPTIONS { sizeof(lb_engine_options_t), 0, true, NULL, false, false, 0, true, 0, 0, false, 0 }
// end generated
