// As many instances as the machine has cores.
#define LB_POOL_CORES SIZE_MAX

// The defaults, for initialisers.
#define LB_POOL_OPTIONS { sizeof(lb_pool_options_t), LB_POOL_CORES, 30000, LB_RESET_FRESH }
#define LB_POOL_COUNTS { sizeof(lb_pool_counts_t), 0, 0, 0, 0, 0, 0 }
