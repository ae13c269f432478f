// The defaults, for initialisers.
// generated: c.limit_zeros
#define LB_LIMITS { sizeof(lb_limits_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }
// end generated
// generated: c.usage_zeros
#define LB_USAGE { sizeof(lb_usage_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }
// end generated
