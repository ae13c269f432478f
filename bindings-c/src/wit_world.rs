//! What a component asks for and offers
//!
//! A world is what a component imports and exports, with the types of its functions. All of it lives as long as the
//! module's handle.

use std::ffi::c_char;

use landbridge::{
    FuncDef, FuncRole, Interface, TypeDef, TypeKind, WitType, World, WorldItem, host,
};

use crate::error::lb_error_t;
use crate::guard::{guard_array, guard_out};
use crate::handle::lb_module_t;
use crate::noun::Noun;
use crate::out::Out;
use crate::read::text;
use crate::text::Texts;
use crate::types::lb_bool;
use crate::wit_type::{Signature, Types, lb_wit_func_type_t, lb_wit_type_t};

/// What a function is to a resource: one of the LB_WIT_ROLE_ numbers.
pub type lb_wit_role_t = u32;

/// Nothing.
pub const LB_WIT_ROLE_FREE: lb_wit_role_t = 0;
/// It makes one.
pub const LB_WIT_ROLE_CONSTRUCTOR: lb_wit_role_t = 1;
/// A method: its first parameter is the resource.
pub const LB_WIT_ROLE_METHOD: lb_wit_role_t = 2;
/// A function of the resource that takes none.
pub const LB_WIT_ROLE_STATIC: lb_wit_role_t = 3;

/// What an item of a world is: one of the LB_WIT_ITEM_ numbers.
pub type lb_wit_item_sort_t = u32;

/// An interface: functions and types with a common name.
pub const LB_WIT_ITEM_INTERFACE: lb_wit_item_sort_t = 0;
/// A function of the world itself.
pub const LB_WIT_ITEM_FUNC: lb_wit_item_sort_t = 1;
/// A type of the world itself.
pub const LB_WIT_ITEM_TYPE: lb_wit_item_sort_t = 2;
/// What is no part of WIT 0.2.
pub const LB_WIT_ITEM_OTHER: lb_wit_item_sort_t = 3;

/// In place of how well a name fits, if it does not.
pub const LB_WIT_NO_FIT: u32 = u32::MAX;

/// A function of an interface or of a world.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_func_def_t {
    /// Its name in the component, such as "area", "[constructor]canvas" or "[method]canvas.draw".
    pub name: *const c_char,
    /// The same without what it is to a resource: "draw", and "canvas" of a constructor.
    pub own_name: *const c_char,
    /// One of the LB_WIT_ROLE_ numbers.
    pub role: lb_wit_role_t,
    /// The resource that it makes or is of, or NULL.
    pub resource: *const c_char,
    /// Its documentation, or NULL.
    pub docs: *const c_char,
    /// As WIT spells it: "draw: func(shape: shape) -> u32".
    pub text: *const c_char,
    /// What it takes and gives.
    pub r#type: lb_wit_func_type_t,
    /// Room for later versions: zeros.
    pub reserved: [u64; 2],
}

/// A type with a name.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_type_def_t {
    /// Its name here.
    pub name: *const c_char,
    /// Its documentation, or NULL.
    pub docs: *const c_char,
    /// What it is; of a resource, its LB_WIT_SORT_OWN.
    pub r#type: *const lb_wit_type_t,
    /// Whether it is a resource.
    pub is_resource: lb_bool,
    /// Room for later versions: zeros.
    pub reserved: [u64; 2],
}

/// Something that a component imports or exports.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_item_t {
    /// One of the LB_WIT_ITEM_ numbers.
    pub sort: lb_wit_item_sort_t,
    /// Its name, such as "demo:app/shapes@1.2.0".
    pub name: *const c_char,
    /// Its documentation, or NULL.
    pub docs: *const c_char,
    /// What it is, such as "core module", if it is no part of WIT 0.2; else NULL.
    pub what: *const c_char,
    /// The functions of an interface; of LB_WIT_ITEM_FUNC, the one.
    pub funcs: *const lb_wit_func_def_t,
    /// How many there are.
    pub nfuncs: usize,
    /// The types with names of an interface; of LB_WIT_ITEM_TYPE, the one.
    pub types: *const lb_wit_type_def_t,
    /// How many there are.
    pub ntypes: usize,
    /// Room for later versions: zeros.
    pub reserved: [u64; 2],
}

/// What a component asks its host for, and what it offers.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_world_t {
    /// Its name, such as "demo:app/greeter@1.2.0", or NULL if it cannot be known.
    pub name: *const c_char,
    /// Its documentation, or NULL.
    pub docs: *const c_char,
    /// What it asks for, in its own order.
    pub imports: *const lb_wit_item_t,
    /// How many there are.
    pub nimports: usize,
    /// What it offers, in its own order.
    pub exports: *const lb_wit_item_t,
    /// How many there are.
    pub nexports: usize,
}

/// A world as C has it.
pub(crate) struct Described {
    view: lb_wit_world_t,
    #[expect(dead_code, reason = "held for the pointers in `view`")]
    imports: Vec<lb_wit_item_t>,
    #[expect(dead_code, reason = "held for the pointers in `view`")]
    exports: Vec<lb_wit_item_t>,
    #[expect(dead_code, reason = "held for the pointers in all of it")]
    parts: Parts,
}

// SAFETY: the pointers lead to what is kept beside them and never changes.
unsafe impl Send for Described {}
// SAFETY: as above.
unsafe impl Sync for Described {}

/// What items point to.
#[derive(Default)]
struct Parts {
    types: Types,
    signatures: Vec<Signature>,
    funcs: Vec<Vec<lb_wit_func_def_t>>,
    defs: Vec<Vec<lb_wit_type_def_t>>,
    texts: Texts,
}

impl Described {
    pub(crate) fn of(world: &World) -> Described {
        let mut parts = Parts::default();
        let imports: Vec<_> = world.imports.iter().map(|it| parts.item(it)).collect();
        let exports: Vec<_> = world.exports.iter().map(|it| parts.item(it)).collect();
        let view = lb_wit_world_t {
            name: parts.text(world.name.as_deref()),
            docs: parts.text(world.docs.as_deref()),
            imports: imports.as_ptr(),
            nimports: imports.len(),
            exports: exports.as_ptr(),
            nexports: exports.len(),
        };
        Described {
            view,
            imports,
            exports,
            parts,
        }
    }
}

impl Parts {
    fn text(&mut self, text: Option<&str>) -> *const c_char {
        text.map_or(std::ptr::null(), |it| self.texts.keep(it))
    }

    fn item(&mut self, item: &WorldItem) -> lb_wit_item_t {
        let name = self.texts.keep(item.name());
        match item {
            WorldItem::Interface(it) => self.interface(name, it),
            WorldItem::Func(it) => {
                let func = self.func(it);
                self.whole(LB_WIT_ITEM_FUNC, name, vec![func], Vec::new())
            }
            WorldItem::Type(it) => {
                let def = self.def(it);
                self.whole(LB_WIT_ITEM_TYPE, name, Vec::new(), vec![def])
            }
            WorldItem::Other { sort, .. } => {
                let what = self.texts.keep(sort);
                let item = self.whole(LB_WIT_ITEM_OTHER, name, Vec::new(), Vec::new());
                lb_wit_item_t { what, ..item }
            }
            _ => self.whole(LB_WIT_ITEM_OTHER, name, Vec::new(), Vec::new()),
        }
    }

    fn interface(&mut self, name: *const c_char, it: &Interface) -> lb_wit_item_t {
        let funcs = it.funcs.iter().map(|it| self.func(it)).collect();
        let defs = it.types.iter().map(|it| self.def(it)).collect();
        let item = self.whole(LB_WIT_ITEM_INTERFACE, name, funcs, defs);
        let docs = self.text(it.docs.as_deref());
        lb_wit_item_t { docs, ..item }
    }

    /// An item of these parts, which stay where they are.
    fn whole(
        &mut self,
        sort: lb_wit_item_sort_t,
        name: *const c_char,
        funcs: Vec<lb_wit_func_def_t>,
        defs: Vec<lb_wit_type_def_t>,
    ) -> lb_wit_item_t {
        let item = lb_wit_item_t {
            sort,
            name,
            docs: std::ptr::null(),
            what: std::ptr::null(),
            funcs: funcs.as_ptr(),
            nfuncs: funcs.len(),
            types: defs.as_ptr(),
            ntypes: defs.len(),
            reserved: [0; 2],
        };
        self.funcs.push(funcs);
        self.defs.push(defs);
        item
    }

    fn func(&mut self, it: &FuncDef) -> lb_wit_func_def_t {
        let signature = self.types.signature(&it.ty);
        let r#type = signature.view;
        self.signatures.push(signature);
        lb_wit_func_def_t {
            name: self.texts.keep(&it.name),
            own_name: self.texts.keep(it.own_name()),
            role: match it.role {
                FuncRole::Free => LB_WIT_ROLE_FREE,
                FuncRole::Constructor(_) => LB_WIT_ROLE_CONSTRUCTOR,
                FuncRole::Method(_) => LB_WIT_ROLE_METHOD,
                FuncRole::Static(_) => LB_WIT_ROLE_STATIC,
            },
            resource: self.text(it.resource()),
            docs: self.text(it.docs.as_deref()),
            text: self.texts.keep(&it.ty.signature(it.own_name())),
            r#type,
            reserved: [0; 2],
        }
    }

    fn def(&mut self, it: &TypeDef) -> lb_wit_type_def_t {
        let (ty, is_resource) = match &it.kind {
            TypeKind::Value(ty) => (self.types.give(ty), false),
            TypeKind::Resource(of) => (self.types.give(&WitType::Own(of.clone())), true),
        };
        let r#type = std::sync::Arc::as_ptr(&ty);
        lb_wit_type_def_t {
            name: self.texts.keep(&it.name),
            docs: self.text(it.docs.as_deref()),
            r#type,
            is_resource: is_resource.into(),
            reserved: [0; 2],
        }
    }
}

/// What a component asks for and offers. It lives as long as the handle.
///
/// Errors: LB_KIND_UNSUPPORTED if it is a core module, LB_KIND_LIMIT if there is too much to be told, LB_KIND_CLOSED if the
/// module was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_module_wit_world(
    module: lb_module_t,
    world: Out<*const lb_wit_world_t>,
) -> *mut lb_error_t {
    guard_out(world, std::ptr::null(), || {
        Ok(&raw const module.get()?.world()?.view)
    })
}

/// The same as one array of bytes, for bindings of other languages that read it once: a frame, as
/// docs/contributing/host.md says. It lives as long as the handle.
///
/// Errors: as lb_module_wit_world().
#[unsafe(no_mangle)]
pub extern "C" fn lb_module_wit_description(
    module: lb_module_t,
    bytes: Out<*const u8>,
    length: Out<usize>,
) -> *mut lb_error_t {
    guard_array(bytes, length, || {
        Ok(&raw const *module.get()?.module.description()?.frame)
    })
}

/// How well a name that somebody gave names an interface by its full name: the least is the best, LB_WIT_NO_FIT is not at
/// all. For "demo:app/shapes@1.2.0" these do: the same, "demo:app/shapes@1.2" and other versions that are compatible,
/// "demo:app/shapes", and "shapes".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_interface_fits(given: *const c_char, full: *const c_char) -> u32 {
    // SAFETY: the caller passes NULL or texts.
    let fits = unsafe { text(given, "given").and_then(|it| Ok((it, text(full, "full")?))) };
    let fits = fits
        .ok()
        .and_then(|(given, full)| host::wit::interface_fits(&given, &full));
    fits.unwrap_or(LB_WIT_NO_FIT)
}
