//! Types of imports, exports and objects
//!
//! Pointers in these structs live as long as the handle of the object that you asked. Each type has
//! a text as well, which error messages use, such as "(i32, i64) -> (f32)".

use std::ffi::c_char;
use std::slice;

use landbridge::{
    Error, ErrorKind, ExternType, FieldType, FuncType, GcType, GlobalType, MemoryType, Result,
    Storage, TableType, Type,
};

use crate::read::{array, null};
use crate::text::copy_text;

/// One of the LB_TYPE_ numbers.
pub type lb_type_t = u32;

/// A C bool. As a number, since what C left unset may be neither 0 nor 1.
pub type lb_bool = u8;

/// What an import or export is: one of the LB_SORT_ numbers.
pub type lb_sort_t = u32;

/// A function.
pub const LB_SORT_FUNC: lb_sort_t = 1;
/// A linear memory.
pub const LB_SORT_MEMORY: lb_sort_t = 2;
/// A table.
pub const LB_SORT_TABLE: lb_sort_t = 3;
/// A global.
pub const LB_SORT_GLOBAL: lb_sort_t = 4;
/// An exception tag.
pub const LB_SORT_TAG: lb_sort_t = 5;

/// In place of a maximum where there is none.
pub const LB_NO_MAX: u64 = u64::MAX;

/// The signature of a function.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_func_type_t {
    /// The types of the parameters, LB_TYPE_ numbers.
    pub params: *const lb_type_t,
    /// How many there are.
    pub nparams: usize,
    /// The types of the results.
    pub results: *const lb_type_t,
    /// How many there are.
    pub nresults: usize,
}

/// The type of a linear memory.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_memory_type_t {
    /// Pages at the start.
    pub min: u64,
    /// Pages it may grow to, or LB_NO_MAX.
    pub max: u64,
    /// Bytes in a page: 65536, for which 0 may be written, unless the module chose 1.
    pub page_bytes: u64,
    /// Whether addresses have 64 bits.
    pub is_64: lb_bool,
}

/// The type of a table.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_table_type_t {
    /// Elements at the start.
    pub min: u64,
    /// Elements it may grow to, or LB_NO_MAX.
    pub max: u64,
    /// The type of its elements, a reference.
    pub element: lb_type_t,
    /// Whether indices have 64 bits.
    pub is_64: lb_bool,
}

/// The type of a global.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_global_type_t {
    /// The type of its value.
    pub content: lb_type_t,
    /// Whether it can be written.
    pub is_mutable: lb_bool,
}

/// The type in a lb_extern_type_t; the sort says which.
#[repr(C)]
#[derive(Clone, Copy)]
pub union lb_extern_type_of_t {
    /// LB_SORT_FUNC, and LB_SORT_TAG with the payload as its parameters
    pub func: lb_func_type_t,
    /// LB_SORT_MEMORY
    pub memory: lb_memory_type_t,
    /// LB_SORT_TABLE
    pub table: lb_table_type_t,
    /// LB_SORT_GLOBAL
    pub global: lb_global_type_t,
}

/// The type of an import or export.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_extern_type_t {
    /// One of the LB_SORT_ numbers.
    pub sort: lb_sort_t,
    /// The type of that sort.
    pub of: lb_extern_type_of_t,
}

/// A field of a struct, or what the elements of an array are.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_field_type_t {
    /// The type of the values that are read and written.
    pub r#type: lb_type_t,
    /// 8 or 16 if only so many bits of an i32 are stored, which are read without a sign; else 0.
    pub packed_bits: u8,
    /// Whether it can be written.
    pub is_mutable: lb_bool,
}

/// The type of a struct or of an array.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_gc_type_t {
    /// LB_TYPE_STRUCTREF or LB_TYPE_ARRAYREF.
    pub sort: lb_type_t,
    /// The fields of a struct; of an array, the one type of all its elements.
    pub fields: *const lb_field_type_t,
    /// How many types there are.
    pub nfields: usize,
}

/// Types of the core are numbered as C's, so their arrays are lent as they are.
const _: () = assert!(size_of::<Type>() == size_of::<lb_type_t>());

impl lb_func_type_t {
    pub(crate) const NONE: lb_func_type_t = lb_func_type_t {
        params: std::ptr::null(),
        nparams: 0,
        results: std::ptr::null(),
        nresults: 0,
    };

    /// Lends a signature, which must outlive the pointers.
    pub(crate) fn lend(ty: &FuncType) -> lb_func_type_t {
        lb_func_type_t {
            params: ty.params().as_ptr().cast(),
            nparams: ty.params().len(),
            results: ty.results().as_ptr().cast(),
            nresults: ty.results().len(),
        }
    }

    /// # Safety
    /// The pointers are NULL or lead to as many elements as said.
    pub(crate) unsafe fn read(&self) -> Result<FuncType> {
        // SAFETY: the caller's promise is ours.
        let (params, results) = unsafe {
            (
                array(self.params, self.nparams, "params")?,
                array(self.results, self.nresults, "results")?,
            )
        };
        Ok(FuncType::new(types(params)?, types(results)?))
    }
}

/// The type of a number, if there is one.
#[inline]
pub(crate) fn known(number: lb_type_t) -> Option<Type> {
    let found = Type::ALL.get((number as usize).wrapping_sub(1));
    found.copied().filter(|ty| *ty as u32 == number)
}

/// Reads a type number.
pub(crate) fn type_of(number: lb_type_t) -> Result<Type> {
    known(number)
        .ok_or_else(|| Error::new(ErrorKind::Type, format!("{number} is no LB_TYPE_ number")))
}

pub(crate) fn types(numbers: &[lb_type_t]) -> Result<Vec<Type>> {
    numbers.iter().map(|number| type_of(*number)).collect()
}

fn max_of(max: Option<u64>) -> u64 {
    max.unwrap_or(LB_NO_MAX)
}

fn to_max(max: u64) -> Option<u64> {
    (max != LB_NO_MAX).then_some(max)
}

impl lb_memory_type_t {
    pub(crate) fn give(ty: &MemoryType) -> lb_memory_type_t {
        lb_memory_type_t {
            min: ty.min,
            max: max_of(ty.max),
            page_bytes: ty.page_bytes,
            is_64: ty.is_64.into(),
        }
    }

    pub(crate) fn read(&self) -> Result<MemoryType> {
        let page_bytes = match self.page_bytes {
            0 => 0x10000,
            given => given,
        };
        Ok(MemoryType {
            min: self.min,
            max: to_max(self.max),
            is_64: self.is_64 != 0,
            page_bytes,
        })
    }
}

impl lb_table_type_t {
    pub(crate) fn give(ty: &TableType) -> lb_table_type_t {
        lb_table_type_t {
            min: ty.min,
            max: max_of(ty.max),
            element: ty.element as u32,
            is_64: ty.is_64.into(),
        }
    }

    pub(crate) fn read(&self) -> Result<TableType> {
        Ok(TableType {
            element: type_of(self.element)?,
            min: self.min,
            max: to_max(self.max),
            is_64: self.is_64 != 0,
        })
    }
}

impl lb_global_type_t {
    pub(crate) fn give(ty: &GlobalType) -> lb_global_type_t {
        lb_global_type_t {
            content: ty.content as u32,
            is_mutable: ty.mutable.into(),
        }
    }

    pub(crate) fn read(&self) -> Result<GlobalType> {
        Ok(GlobalType {
            content: type_of(self.content)?,
            mutable: self.is_mutable != 0,
        })
    }
}

impl lb_extern_type_t {
    /// Lends a type, which must outlive the pointers.
    pub(crate) fn lend(ty: &ExternType) -> lb_extern_type_t {
        let func = |ty| lb_extern_type_of_t {
            func: lb_func_type_t::lend(ty),
        };
        let (sort, of) = match ty {
            ExternType::Func(ty) => (LB_SORT_FUNC, func(ty)),
            ExternType::Tag(ty) => (LB_SORT_TAG, func(ty)),
            ExternType::Memory(ty) => (
                LB_SORT_MEMORY,
                lb_extern_type_of_t {
                    memory: lb_memory_type_t::give(ty),
                },
            ),
            ExternType::Table(ty) => (
                LB_SORT_TABLE,
                lb_extern_type_of_t {
                    table: lb_table_type_t::give(ty),
                },
            ),
            ExternType::Global(ty) => (
                LB_SORT_GLOBAL,
                lb_extern_type_of_t {
                    global: lb_global_type_t::give(ty),
                },
            ),
        };
        lb_extern_type_t { sort, of }
    }

    /// # Safety
    /// As [`lb_func_type_t::read`] for a function or tag.
    unsafe fn read(&self) -> Result<ExternType> {
        // SAFETY: the sort says which member is meant; the caller promises the rest.
        unsafe {
            Ok(match self.sort {
                LB_SORT_FUNC => ExternType::Func(self.of.func.read()?),
                LB_SORT_TAG => ExternType::Tag(self.of.func.read()?),
                LB_SORT_MEMORY => ExternType::Memory(self.of.memory.read()?),
                LB_SORT_TABLE => ExternType::Table(self.of.table.read()?),
                LB_SORT_GLOBAL => ExternType::Global(self.of.global.read()?),
                other => {
                    let message = format!("{other} is no LB_SORT_ number");
                    return Err(Error::new(ErrorKind::Type, message));
                }
            })
        }
    }
}

impl lb_field_type_t {
    pub(crate) fn give(field: &FieldType) -> lb_field_type_t {
        lb_field_type_t {
            r#type: field.storage.ty() as u32,
            packed_bits: match field.storage {
                Storage::I8 => 8,
                Storage::I16 => 16,
                Storage::Value(_) => 0,
            },
            is_mutable: field.mutable.into(),
        }
    }

    fn read(&self) -> Result<FieldType> {
        let storage = match self.packed_bits {
            8 => Storage::I8,
            16 => Storage::I16,
            _ => Storage::Value(type_of(self.r#type)?),
        };
        let mutable = self.is_mutable != 0;
        Ok(FieldType { storage, mutable })
    }
}

impl lb_gc_type_t {
    /// No type.
    pub(crate) const NONE: lb_gc_type_t = lb_gc_type_t {
        sort: 0,
        fields: std::ptr::null(),
        nfields: 0,
    };

    /// # Safety
    /// `fields` is NULL or leads to as many elements as said.
    pub(crate) unsafe fn read(&self) -> Result<GcType> {
        // SAFETY: the caller's promise is ours.
        let fields = unsafe { array(self.fields, self.nfields, "fields") }?;
        let fields = fields
            .iter()
            .map(lb_field_type_t::read)
            .collect::<Result<Vec<_>>>()?;
        match (type_of(self.sort)?, &fields[..]) {
            (Type::StructRef, _) => Ok(GcType::Struct(fields)),
            (Type::ArrayRef, [element]) => Ok(GcType::Array(*element)),
            _ => Err(Error::new(
                ErrorKind::Type,
                "no type of a struct or an array",
            )),
        }
    }
}

/// The widest type whose values can meet those of a type: its own for a number or vector, else one
/// of LB_TYPE_FUNCREF, LB_TYPE_EXTERNREF, LB_TYPE_ANYREF and LB_TYPE_EXNREF; 0 if there is no type
/// of this number.
#[unsafe(no_mangle)]
pub extern "C" fn lb_type_top(r#type: lb_type_t) -> lb_type_t {
    known(r#type).map_or(0, |ty| ty.top() as u32)
}

/// Writes the text of a type that C gave, or why it is none.
///
/// # Safety
/// `ty` is NULL or a type; `text` is NULL or has room for `size` bytes.
pub(crate) unsafe fn write_text<T, R: ToString>(
    ty: *const T,
    read: impl FnOnce(&T) -> Result<R>,
    text: *mut c_char,
    size: usize,
) -> usize {
    let written = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        // SAFETY: the caller's promise.
        let ty = unsafe { slice::from_raw_parts(ty, usize::from(!ty.is_null())) };
        let read = ty.first().ok_or_else(|| null("the type")).and_then(read);
        read.map_or_else(|e| e.message().to_owned(), |ty| ty.to_string())
    }));
    // SAFETY: the caller's promise.
    unsafe { copy_text(&written.unwrap_or_default(), text, size) }
}

/// Writes a type's text, such as "(i32) -> ()", to a buffer of size bytes, cut short and ended by a
/// zero byte as snprintf does, and returns the whole length without the zero byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_func_type_text(
    r#type: *const lb_func_type_t,
    text: *mut c_char,
    size: usize,
) -> usize {
    // SAFETY: the caller's promise is ours.
    unsafe { write_text(r#type, |ty| ty.read(), text, size) }
}

/// The same for a memory's type, such as "memory 1 2".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_memory_type_text(
    r#type: *const lb_memory_type_t,
    text: *mut c_char,
    size: usize,
) -> usize {
    // SAFETY: the caller's promise is ours.
    unsafe { write_text(r#type, lb_memory_type_t::read, text, size) }
}

/// The same for a table's type, such as "table 1 funcref".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_table_type_text(
    r#type: *const lb_table_type_t,
    text: *mut c_char,
    size: usize,
) -> usize {
    // SAFETY: the caller's promise is ours.
    unsafe { write_text(r#type, lb_table_type_t::read, text, size) }
}

/// The same for a global's type, such as "global (mut i32)".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_global_type_text(
    r#type: *const lb_global_type_t,
    text: *mut c_char,
    size: usize,
) -> usize {
    // SAFETY: the caller's promise is ours.
    unsafe { write_text(r#type, lb_global_type_t::read, text, size) }
}

/// The same for the type of an import or export, such as "func (i32) -> ()".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_extern_type_text(
    r#type: *const lb_extern_type_t,
    text: *mut c_char,
    size: usize,
) -> usize {
    // SAFETY: the caller's promise is ours.
    unsafe { write_text(r#type, |ty| ty.read(), text, size) }
}
