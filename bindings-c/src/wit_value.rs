//! Values of components
//!
//! A value is a tree of structs. Make it on the stack or as a constant; the library keeps nothing of it. Write
//! LB_WIT_U32(2) in an initialiser and lb_wit_u32(2) in an expression. The library gives you such a tree, too: the sort
//! says which member to read.
//!
//!     lb_wit_field_t fields[] = { { "name", LB_WIT_STRING("Ada") }, { "age", LB_WIT_U8(36) } };
//!     lb_wit_value_t args[] = { LB_WIT_RECORD(fields) };
//!     lb_wit_result_t hello;
//!     lb_error_t *err = lb_wit_func_call(greet, args, 1, &hello);
//!     if (!err) printf("%.*s\n", (int)hello.value->of.text.length, hello.value->of.text.data);
//!     lb_error_free(lb_wit_result_release(hello));
//!
//! Integers are taken by their value: LB_WIT_U32(3) may be given for a u8, and 300 may not. The fields of a record come in
//! any order; those that are options may be left out. What a function gives has just the sort of its type, with all fields
//! in their order; a list of numbers comes as LB_WIT_SORT_NUMBERS, and may be given as that or as LB_WIT_SORT_LIST.
//!
//! If a value is wrong, the message says where, such as "args[0].tags[1]: 300 does not fit in u8". That is before the guest
//! is entered.

use std::ffi::{c_char, c_void};

use crate::types::lb_bool;
use crate::wit_frame::lb_wit_object_t;
use crate::wit_type::{LB_WIT_SORT_NOTHING, lb_wit_sort_t};

/// A list of numbers of one sort, which lie as in an array of C.
pub const LB_WIT_SORT_NUMBERS: lb_wit_sort_t = 24;
/// A resource of a guest: its handle.
pub const LB_WIT_SORT_RESOURCE: lb_wit_sort_t = 25;
/// A resource that is an object of the program's.
pub const LB_WIT_SORT_OBJECT: lb_wit_sort_t = 26;

/// Text in UTF-8, which need not end with a zero byte.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_text_t {
    /// Its first byte.
    pub data: *const c_char,
    /// How many bytes there are.
    pub length: usize,
}

/// The elements of a list or a tuple.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_items_t {
    /// The first one.
    pub data: *const lb_wit_value_t,
    /// How many there are.
    pub count: usize,
}

/// The numbers of a list.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_numbers_t {
    /// The first one: a number of the value's part.
    pub data: *const c_void,
    /// How many there are.
    pub count: usize,
}

/// The fields of a record.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_fields_t {
    /// The first one.
    pub data: *const lb_wit_field_t,
    /// How many there are.
    pub count: usize,
}

/// One of several cases, and what it holds.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_case_t {
    /// Its name as WIT spells it, of a variant or an enum. NULL: the value's part says which it is.
    pub name: *const c_char,
    /// What it holds, or NULL.
    pub value: *const lb_wit_value_t,
}

/// Names of flags that are set.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_names_t {
    /// The first one.
    pub data: *const *const c_char,
    /// How many there are.
    pub count: usize,
}

/// What a value holds; the value's sort says which. Each struct in it may have a data of NULL if there is nothing.
#[repr(C)]
#[derive(Clone, Copy)]
pub union lb_wit_bits_t {
    /// LB_WIT_SORT_BOOL
    pub boolean: lb_bool,
    /// LB_WIT_SORT_S8
    pub s8: i8,
    /// LB_WIT_SORT_U8
    pub u8: u8,
    /// LB_WIT_SORT_S16
    pub s16: i16,
    /// LB_WIT_SORT_U16
    pub u16: u16,
    /// LB_WIT_SORT_S32
    pub s32: i32,
    /// LB_WIT_SORT_U32
    pub u32: u32,
    /// LB_WIT_SORT_S64
    pub s64: i64,
    /// LB_WIT_SORT_U64
    pub u64: u64,
    /// LB_WIT_SORT_F32; all bits of a NaN are kept
    pub f32: f32,
    /// LB_WIT_SORT_F64; all bits of a NaN are kept
    pub f64: f64,
    /// LB_WIT_SORT_CHAR: a Unicode scalar value
    pub character: u32,
    /// LB_WIT_SORT_STRING
    pub text: lb_wit_text_t,
    /// LB_WIT_SORT_LIST, LB_WIT_SORT_TUPLE
    pub items: lb_wit_items_t,
    /// LB_WIT_SORT_NUMBERS
    pub numbers: lb_wit_numbers_t,
    /// LB_WIT_SORT_RECORD
    pub fields: lb_wit_fields_t,
    /// LB_WIT_SORT_VARIANT, LB_WIT_SORT_ENUM, LB_WIT_SORT_OPTION (whose value is NULL if it is none), LB_WIT_SORT_RESULT
    pub which: lb_wit_case_t,
    /// LB_WIT_SORT_FLAGS
    pub names: lb_wit_names_t,
    /// LB_WIT_SORT_RESOURCE: its handle
    pub resource: u64,
    /// LB_WIT_SORT_OBJECT. One that a program passes is the library's from then on, also if the call fails: its drop is
    /// called once, when neither a guest nor a value that the program holds has it. Meanwhile it may be passed any number
    /// of times, also as it came back. Those that a program receives are lent, as all of the tree is.
    pub object: lb_wit_object_t,
}

/// A value of a type of WIT; header/wit_value.h says it to C.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_value_t {
    /// One of the LB_WIT_SORT_ numbers.
    pub sort: lb_wit_sort_t,
    /// Of LB_WIT_SORT_NUMBERS the sort of the numbers; of LB_WIT_SORT_RESULT 0 for ok and 1 for err; of
    /// LB_WIT_SORT_VARIANT and LB_WIT_SORT_ENUM which case it is, if which has no name. What the library gives has the number
    /// of the case there, and for an option 0 for none and 1 for some.
    pub part: u32,
    /// What it holds.
    pub of: lb_wit_bits_t,
}

/// A field of a record; header/wit_value.h says it to C.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_field_t {
    /// As WIT spells it.
    pub name: *const c_char,
    /// What it is.
    pub value: lb_wit_value_t,
}

impl lb_wit_value_t {
    pub(crate) const NOTHING: lb_wit_value_t = lb_wit_value_t {
        sort: LB_WIT_SORT_NOTHING,
        part: 0,
        of: lb_wit_bits_t {
            text: lb_wit_text_t {
                data: std::ptr::null(),
                length: 0,
            },
        },
    };
}
