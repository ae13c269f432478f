typedef struct lb_wit_field_t lb_wit_field_t;
