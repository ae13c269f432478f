// All functions NULL, for initialisers.
#define LB_WIT_SINK { sizeof(lb_wit_sink_t), NULL, NULL, NULL, NULL }
