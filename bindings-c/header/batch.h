// The columns say how many rows there are.
#define LB_ROWS_OF_COLUMNS SIZE_MAX

// Initialisers: a column, a value that repeats, a column that takes results, and the defaults of a batch.
#define LB_COLUMN(type, data, rows) { sizeof(lb_column_t), (data), (rows), (type), 0, NULL, 0 }
#define LB_REPEATED(type, data) { sizeof(lb_column_t), (data), 0, (type), 1, NULL, 0 }
#define LB_RESULT_COLUMN(type, data, rows) { sizeof(lb_result_column_t), (data), (rows), (type), 0 }
#define LB_BATCH { sizeof(lb_batch_t), LB_ROWS_OF_COLUMNS, NULL, 0, NULL }
