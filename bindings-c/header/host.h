// All functions NULL, for initialisers.
#define LB_HOST { sizeof(lb_host_t), NULL, NULL, NULL, NULL, NULL, NULL, NULL, false }
