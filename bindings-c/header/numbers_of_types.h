// generated: c.types
/// The types of values.
enum {
  /// 32-bit integer, without a sign of its own.
  LB_TYPE_I32 = 1,
  /// 64-bit integer, without a sign of its own.
  LB_TYPE_I64 = 2,
  /// 32-bit IEEE 754 float; all bits of a NaN are kept.
  LB_TYPE_F32 = 3,
  /// 64-bit IEEE 754 float; all bits of a NaN are kept.
  LB_TYPE_F64 = 4,
  /// 128-bit vector.
  LB_TYPE_V128 = 5,
  /// A function or null.
  LB_TYPE_FUNCREF = 6,
  /// Any object of the host, or null.
  LB_TYPE_EXTERNREF = 7,
  /// Anything of the guest's garbage-collected heap, a small integer, or a host object; or null.
  LB_TYPE_ANYREF = 8,
  /// What ref.eq can compare: a struct, an array or a small integer; or null.
  LB_TYPE_EQREF = 9,
  /// An integer of 31 bits, or null.
  LB_TYPE_I31REF = 10,
  /// A struct of the guest's heap, or null.
  LB_TYPE_STRUCTREF = 11,
  /// An array of the guest's heap, or null.
  LB_TYPE_ARRAYREF = 12,
  /// An exception, or null.
  LB_TYPE_EXNREF = 13,
  /// Only the null of anyref and its kin.
  LB_TYPE_NULLREF = 14,
  /// Only the null of funcref.
  LB_TYPE_NULLFUNCREF = 15,
  /// Only the null of externref.
  LB_TYPE_NULLEXTERNREF = 16,
  /// Only the null of exnref.
  LB_TYPE_NULLEXNREF = 17,
};
// end generated
