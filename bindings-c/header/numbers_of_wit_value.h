typedef struct lb_wit_value_t lb_wit_value_t;
typedef struct lb_wit_field_t lb_wit_field_t;
