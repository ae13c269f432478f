//! Types of components
//!
//! The functions of components take and give values with types of WIT: strings, lists, records and so on. If you
//! know them when you write the program, skip this section. Else ask lb_wit_func_type() or lb_module_wit_world().
//!
//! A lb_wit_type_t is read only. It lives as long as the handle of the object that you asked.
//! All readers below take NULL too, and then answer LB_WIT_SORT_NOTHING, 0, "" or NULL.

use std::collections::HashMap;
use std::ffi::{CString, c_char};
use std::sync::Arc;

use landbridge::{Field, Label, ResourceType, WitFuncType, WitType, text};

use crate::text::{c_name, pointer};

/// What sort of type it is: one of the LB_WIT_SORT_ numbers.
pub type lb_wit_sort_t = u32;

/// bool
pub const LB_WIT_SORT_BOOL: lb_wit_sort_t = 0;
/// s8
pub const LB_WIT_SORT_S8: lb_wit_sort_t = 1;
/// u8
pub const LB_WIT_SORT_U8: lb_wit_sort_t = 2;
/// s16
pub const LB_WIT_SORT_S16: lb_wit_sort_t = 3;
/// u16
pub const LB_WIT_SORT_U16: lb_wit_sort_t = 4;
/// s32
pub const LB_WIT_SORT_S32: lb_wit_sort_t = 5;
/// u32
pub const LB_WIT_SORT_U32: lb_wit_sort_t = 6;
/// s64
pub const LB_WIT_SORT_S64: lb_wit_sort_t = 7;
/// u64
pub const LB_WIT_SORT_U64: lb_wit_sort_t = 8;
/// f32
pub const LB_WIT_SORT_F32: lb_wit_sort_t = 9;
/// f64
pub const LB_WIT_SORT_F64: lb_wit_sort_t = 10;
/// char: a Unicode scalar value
pub const LB_WIT_SORT_CHAR: lb_wit_sort_t = 11;
/// string: Unicode text
pub const LB_WIT_SORT_STRING: lb_wit_sort_t = 12;
/// A list. Its one part is what it is of.
pub const LB_WIT_SORT_LIST: lb_wit_sort_t = 13;
/// A record. Its parts are its fields.
pub const LB_WIT_SORT_RECORD: lb_wit_sort_t = 14;
/// A tuple. Its parts have no names.
pub const LB_WIT_SORT_TUPLE: lb_wit_sort_t = 15;
/// A variant. Its parts are its cases, whose type is NULL where they hold nothing.
pub const LB_WIT_SORT_VARIANT: lb_wit_sort_t = 16;
/// An enum. Its parts are its names.
pub const LB_WIT_SORT_ENUM: lb_wit_sort_t = 17;
/// Flags. Its parts are its names; the first is the lowest bit.
pub const LB_WIT_SORT_FLAGS: lb_wit_sort_t = 18;
/// An option. Its one part is what it may hold.
pub const LB_WIT_SORT_OPTION: lb_wit_sort_t = 19;
/// A result. Its two parts are "ok" and "err", whose type is NULL where they hold nothing.
pub const LB_WIT_SORT_RESULT: lb_wit_sort_t = 20;
/// A resource that changes hands.
pub const LB_WIT_SORT_OWN: lb_wit_sort_t = 21;
/// A resource that is lent for one call.
pub const LB_WIT_SORT_BORROW: lb_wit_sort_t = 22;
/// No type: a case that holds nothing, a function that gives nothing.
pub const LB_WIT_SORT_NOTHING: lb_wit_sort_t = 23;

/// A type of WIT. Opaque; read it with the functions below.
pub struct lb_wit_type_t {
    pub(crate) ty: WitType,
    pub(crate) sort: lb_wit_sort_t,
    pub(crate) told: CString,
    name: Option<CString>,
    interface: Option<CString>,
    docs: Option<CString>,
    pub(crate) parts: Vec<Part>,
    /// Which of the resources it is.
    resource: u32,
}

/// A field, a case, an element.
pub(crate) struct Part {
    pub(crate) name: Option<CString>,
    docs: Option<CString>,
    pub(crate) ty: Option<Arc<lb_wit_type_t>>,
}

/// A parameter.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_param_t {
    /// As WIT spells it.
    pub name: *const c_char,
    /// What it is.
    pub r#type: *const lb_wit_type_t,
}

/// The type of a function.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_func_type_t {
    /// Its parameters.
    pub params: *const lb_wit_param_t,
    /// How many there are.
    pub nparams: usize,
    /// What it gives, or NULL.
    pub result: *const lb_wit_type_t,
}

impl lb_wit_func_type_t {
    pub(crate) const NONE: lb_wit_func_type_t = lb_wit_func_type_t {
        params: std::ptr::null(),
        nparams: 0,
        result: std::ptr::null(),
    };
}

/// The type of a function, with all that it points to.
pub(crate) struct Signature {
    pub(crate) view: lb_wit_func_type_t,
    #[expect(dead_code, reason = "held for the pointer in `view`")]
    params: Vec<lb_wit_param_t>,
    #[expect(dead_code, reason = "held for the pointers in `params`")]
    names: Vec<CString>,
    /// Of the parameters, and that of the result behind them.
    pub(crate) types: Vec<Arc<lb_wit_type_t>>,
}

// SAFETY: the pointers lead to what is kept beside them and never changes.
unsafe impl Send for Signature {}
// SAFETY: as above.
unsafe impl Sync for Signature {}

impl Signature {
    pub(crate) fn params(&self) -> &[Arc<lb_wit_type_t>] {
        &self.types[..self.view.nparams]
    }

    pub(crate) fn result(&self) -> Option<&Arc<lb_wit_type_t>> {
        self.types.get(self.view.nparams)
    }

    /// One by itself.
    pub(crate) fn of(ty: &WitFuncType) -> Signature {
        Types::default().signature(ty)
    }
}

/// The types of a component, each once: two places that have the same type in memory have the same pointer.
#[derive(Default)]
pub(crate) struct Types {
    known: HashMap<(u32, usize), Arc<lb_wit_type_t>>,
    resources: Vec<ResourceType>,
}

impl Types {
    pub(crate) fn signature(&mut self, ty: &WitFuncType) -> Signature {
        let names: Vec<_> = ty.params.iter().map(|it| c_name(&it.name)).collect();
        let all = ty.params.iter().map(|it| &it.ty).chain(&ty.result);
        let types: Vec<_> = all.map(|it| self.give(it)).collect();
        let param = |(name, ty): (&CString, &Arc<lb_wit_type_t>)| lb_wit_param_t {
            name: name.as_ptr(),
            r#type: Arc::as_ptr(ty),
        };
        let params: Vec<_> = names.iter().zip(&types).map(param).collect();
        let result = types.get(params.len());
        let view = lb_wit_func_type_t {
            params: params.as_ptr(),
            nparams: params.len(),
            result: result.map_or(std::ptr::null(), Arc::as_ptr),
        };
        Signature {
            view,
            params,
            names,
            types,
        }
    }

    /// A type as C has it.
    pub(crate) fn give(&mut self, ty: &WitType) -> Arc<lb_wit_type_t> {
        let shared = match ty {
            WitType::Own(of) | WitType::Borrow(of) => self.resource(of) as usize,
            _ => address(ty),
        };
        let key = (sort(ty), shared);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let made = Arc::new(self.make(ty));
        self.known.insert(key, made.clone());
        made
    }

    fn make(&mut self, ty: &WitType) -> lb_wit_type_t {
        let label = label(ty);
        let text = |text: Option<&Arc<str>>| text.map(|it| c_name(it));
        lb_wit_type_t {
            sort: sort(ty),
            told: c_name(&text::short(ty)),
            name: text(label.and_then(|it| it.name.as_ref())),
            interface: text(label.and_then(|it| it.interface.as_ref())),
            docs: text(label.and_then(|it| it.docs.as_ref())),
            parts: self.parts(ty),
            resource: match ty {
                WitType::Own(of) | WitType::Borrow(of) => self.resource(of),
                _ => 0,
            },
            ty: ty.clone(),
        }
    }

    fn parts(&mut self, ty: &WitType) -> Vec<Part> {
        let bare = |name: &Arc<str>| Part {
            name: Some(c_name(name)),
            docs: None,
            ty: None,
        };
        match ty {
            WitType::List(of) | WitType::Option(of) => vec![self.unnamed(of)],
            WitType::Tuple(of) => of.iter().map(|it| self.unnamed(it)).collect(),
            WitType::Record(of) => of.fields.iter().map(|it| self.field(it)).collect(),
            WitType::Variant(of) => {
                let each = of.cases.iter().map(|it| Part {
                    name: Some(c_name(&it.name)),
                    docs: it.docs.as_deref().map(c_name),
                    ty: it.ty.as_ref().map(|ty| self.give(ty)),
                });
                each.collect()
            }
            WitType::Enum(of) => of.names.iter().map(bare).collect(),
            WitType::Flags(of) => of.names.iter().map(bare).collect(),
            WitType::Result(of) => {
                let each = [("ok", &of.ok), ("err", &of.err)].map(|(name, held)| Part {
                    name: Some(c_name(name)),
                    docs: None,
                    ty: held.as_ref().map(|ty| self.give(ty)),
                });
                each.into()
            }
            _ => Vec::new(),
        }
    }

    fn unnamed(&mut self, ty: &WitType) -> Part {
        Part {
            name: None,
            docs: None,
            ty: Some(self.give(ty)),
        }
    }

    fn field(&mut self, field: &Field) -> Part {
        Part {
            name: Some(c_name(&field.name)),
            docs: field.docs.as_deref().map(c_name),
            ty: Some(self.give(&field.ty)),
        }
    }

    /// The number of a resource here.
    fn resource(&mut self, of: &ResourceType) -> u32 {
        let known = self.resources.iter().position(|it| it == of);
        let at = known.unwrap_or_else(|| {
            self.resources.push(of.clone());
            self.resources.len() - 1
        });
        at as u32
    }
}

fn label(ty: &WitType) -> Option<&Label> {
    match ty {
        WitType::Record(of) => Some(&of.label),
        WitType::Variant(of) => Some(&of.label),
        WitType::Enum(of) => Some(&of.label),
        WitType::Flags(of) => Some(&of.label),
        WitType::Own(of) | WitType::Borrow(of) => Some(of.label()),
        _ => None,
    }
}

/// Where what a type shares with its clones is; 0 if it shares nothing.
pub(crate) fn address(ty: &WitType) -> usize {
    match ty {
        WitType::List(of) | WitType::Option(of) => Arc::as_ptr(of).addr(),
        WitType::Record(of) => Arc::as_ptr(of).addr(),
        WitType::Tuple(of) => Arc::as_ptr(of).cast::<()>().addr(),
        WitType::Variant(of) => Arc::as_ptr(of).addr(),
        WitType::Enum(of) => Arc::as_ptr(of).addr(),
        WitType::Flags(of) => Arc::as_ptr(of).addr(),
        WitType::Result(of) => Arc::as_ptr(of).addr(),
        _ => 0,
    }
}

/// The LB_WIT_SORT_ number of a type.
pub(crate) fn sort(ty: &WitType) -> lb_wit_sort_t {
    match ty {
        WitType::Bool => LB_WIT_SORT_BOOL,
        WitType::S8 => LB_WIT_SORT_S8,
        WitType::U8 => LB_WIT_SORT_U8,
        WitType::S16 => LB_WIT_SORT_S16,
        WitType::U16 => LB_WIT_SORT_U16,
        WitType::S32 => LB_WIT_SORT_S32,
        WitType::U32 => LB_WIT_SORT_U32,
        WitType::S64 => LB_WIT_SORT_S64,
        WitType::U64 => LB_WIT_SORT_U64,
        WitType::F32 => LB_WIT_SORT_F32,
        WitType::F64 => LB_WIT_SORT_F64,
        WitType::Char => LB_WIT_SORT_CHAR,
        WitType::String => LB_WIT_SORT_STRING,
        WitType::List(_) => LB_WIT_SORT_LIST,
        WitType::Record(_) => LB_WIT_SORT_RECORD,
        WitType::Tuple(_) => LB_WIT_SORT_TUPLE,
        WitType::Variant(_) => LB_WIT_SORT_VARIANT,
        WitType::Enum(_) => LB_WIT_SORT_ENUM,
        WitType::Flags(_) => LB_WIT_SORT_FLAGS,
        WitType::Option(_) => LB_WIT_SORT_OPTION,
        WitType::Result(_) => LB_WIT_SORT_RESULT,
        WitType::Own(_) => LB_WIT_SORT_OWN,
        WitType::Borrow(_) => LB_WIT_SORT_BORROW,
        _ => LB_WIT_SORT_NOTHING,
    }
}

impl lb_wit_type_t {
    /// As messages tell it.
    pub(crate) fn text(&self) -> String {
        self.told.to_string_lossy().into_owned()
    }

    /// What a list or an option is of.
    pub(crate) fn element(&self) -> Option<&lb_wit_type_t> {
        self.parts.first().and_then(|it| it.ty.as_deref())
    }

    /// How many bytes the number of a case takes.
    pub(crate) fn case_bytes(&self) -> usize {
        match self.parts.len() {
            _ if self.sort == LB_WIT_SORT_OPTION => 1,
            0..=0x100 => 1,
            0x101..=0x1_0000 => 2,
            _ => 4,
        }
    }

    /// How many bytes flags take.
    pub(crate) fn flags_bytes(&self) -> usize {
        match self.parts.len() {
            0 => 0,
            1..=8 => 1,
            9..=16 => 2,
            count => 4 * count.div_ceil(32),
        }
    }

    /// A type that a caller passed in, which is kept.
    ///
    /// # Safety
    /// `ty` is NULL or a type that is alive.
    pub(crate) unsafe fn keep(ty: *const lb_wit_type_t) -> landbridge::Result<Arc<lb_wit_type_t>> {
        if ty.is_null() {
            return Err(crate::read::null("type"));
        }
        // SAFETY: it is not NULL, and all types that C has are lent by an `Arc`, by `Arc::as_ptr`.
        unsafe {
            Arc::increment_strong_count(ty);
            Ok(Arc::from_raw(ty))
        }
    }
}

/// How many bytes a number of this sort takes; 0 if it is no number.
pub(crate) fn number_bytes(sort: lb_wit_sort_t) -> usize {
    match sort {
        LB_WIT_SORT_S8 | LB_WIT_SORT_U8 => 1,
        LB_WIT_SORT_S16 | LB_WIT_SORT_U16 => 2,
        LB_WIT_SORT_S32 | LB_WIT_SORT_U32 | LB_WIT_SORT_F32 => 4,
        LB_WIT_SORT_S64 | LB_WIT_SORT_U64 | LB_WIT_SORT_F64 => 8,
        _ => 0,
    }
}

/// What sort of type it is: one of the LB_WIT_SORT_ numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_type_sort(r#type: *const lb_wit_type_t) -> lb_wit_sort_t {
    // SAFETY: the caller passes NULL or a type that is alive.
    unsafe { r#type.as_ref() }.map_or(LB_WIT_SORT_NOTHING, |it| it.sort)
}

/// The type as messages tell it, as WIT spells it: "list<u8>", or by its name: "person".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_type_text(r#type: *const lb_wit_type_t) -> *const c_char {
    // SAFETY: the caller passes NULL or a type that is alive.
    unsafe { r#type.as_ref() }.map_or(c"".as_ptr(), |it| it.told.as_ptr())
}

/// Its own name, such as "person", or NULL if it has none, or none that can be known.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_type_name(r#type: *const lb_wit_type_t) -> *const c_char {
    // SAFETY: the caller passes NULL or a type that is alive.
    unsafe { r#type.as_ref() }.map_or(std::ptr::null(), |it| pointer(&it.name))
}

/// The interface that it is defined in, such as "demo:app/people@1.2.0", or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_type_interface(r#type: *const lb_wit_type_t) -> *const c_char {
    // SAFETY: the caller passes NULL or a type that is alive.
    unsafe { r#type.as_ref() }.map_or(std::ptr::null(), |it| pointer(&it.interface))
}

/// Its documentation, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_type_docs(r#type: *const lb_wit_type_t) -> *const c_char {
    // SAFETY: the caller passes NULL or a type that is alive.
    unsafe { r#type.as_ref() }.map_or(std::ptr::null(), |it| pointer(&it.docs))
}

/// Of LB_WIT_SORT_OWN and LB_WIT_SORT_BORROW, which resource it is: equal numbers of one module, or of one function, are one
/// resource.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_type_resource(r#type: *const lb_wit_type_t) -> u32 {
    // SAFETY: the caller passes NULL or a type that is alive.
    unsafe { r#type.as_ref() }.map_or(0, |it| it.resource)
}

/// How many parts it has: fields of a record, elements of a tuple, cases of a variant, names of an enum or of flags; 1 for
/// a list and an option, 2 for a result, 0 for all others.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_type_count(r#type: *const lb_wit_type_t) -> usize {
    // SAFETY: the caller passes NULL or a type that is alive.
    unsafe { r#type.as_ref() }.map_or(0, |it| it.parts.len())
}

/// # Safety
/// `ty` is NULL or a type that lives for `'a`.
unsafe fn part<'a>(ty: *const lb_wit_type_t, index: usize) -> Option<&'a Part> {
    // SAFETY: the caller's promise.
    unsafe { ty.as_ref() }.and_then(|it| it.parts.get(index))
}

/// The name of a part, or NULL if it has none or there is no such part.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_type_part_name(
    r#type: *const lb_wit_type_t,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller passes NULL or a type that is alive.
    unsafe { part(r#type, index) }.map_or(std::ptr::null(), |it| pointer(&it.name))
}

/// The documentation of a part, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_type_part_docs(
    r#type: *const lb_wit_type_t,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller passes NULL or a type that is alive.
    unsafe { part(r#type, index) }.map_or(std::ptr::null(), |it| pointer(&it.docs))
}

/// The type of a part, or NULL if it holds nothing or there is no such part.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_type_part(
    r#type: *const lb_wit_type_t,
    index: usize,
) -> *const lb_wit_type_t {
    // SAFETY: the caller passes NULL or a type that is alive.
    let held = unsafe { part(r#type, index) }.and_then(|it| it.ty.as_ref());
    held.map_or(std::ptr::null(), Arc::as_ptr)
}
