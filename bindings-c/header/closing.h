
#ifdef __cplusplus
}
#endif

#endif // LANDBRIDGE_H
