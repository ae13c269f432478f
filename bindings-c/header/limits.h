// The defaults, for initialisers.
#define LB_LIMITS { sizeof(lb_limits_t), 0, 0, 0, 0, 0, 0, 0, 0 }
#define LB_USAGE { sizeof(lb_usage_t), 0, 0, 0, 0, 0, 0, 0, 0, 0 }
