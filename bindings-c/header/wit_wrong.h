// All members empty, for initialisers.
#define LB_WIT_WRONG { sizeof(lb_wit_wrong_t), 0, NULL, NULL, NULL, NULL, NULL, 0 }
