//! Host functions for components
//!
//! A lb_imports_t holds them beside what modules import. You may name an interface in full, with another version that is
//! compatible, without a version, or by its own name alone. For a function of the world itself it is "".

use std::ffi::{c_char, c_void};
use std::sync::{Arc, OnceLock};

use landbridge::host::wit::{WrongValue, wrong_value};
use landbridge::{
    Error, ErrorKind, HostResource, Imports, Result, WitContext, WitFrame, WitFuncType, WitHost,
    WitType, text,
};

use crate::error::{Owned, lb_drop_t, lb_error_t};
use crate::guard::guard;
use crate::handle::lb_imports_t;
use crate::imports::{lb_context_t, lend};
use crate::noun::Noun;
use crate::read::null;
use crate::text::c_name;
use crate::wit_frame::{Given, Lending, lb_wit_frame_t, with_buffer};
use crate::wit_type::{Signature, address, lb_wit_func_type_t, sort};

/// A call of a host function by a component. Valid during that call only, and on its thread.
pub struct lb_wit_context_t {
    _private: [u8; 0],
}

/// A function of the program's that components call, over frames. It runs on the thread of the call that reached it. data
/// is what it was registered with. args is valid until it returns. So are the handles of resources in it that are a borrow.
///
/// Gives its result by lb_wit_context_give_frame(), which it need not call if its type has none, or is a result whose ok
/// holds nothing. Returns NULL, or an error that it owned, which comes out of the outermost call and ends the components
/// of the store.
///
/// Must return, on its thread: no C++ exception, no longjmp and no pthread_exit may leave it.
pub type lb_wit_frame_callback_t = Option<
    unsafe extern "C" fn(
        data: *mut c_void,
        context: *mut lb_wit_context_t,
        args: *const lb_wit_frame_t,
    ) -> *mut lb_error_t,
>;

/// Asked before a component is made that imports the function, by name such as "demo:app/host#log": returns NULL, or an
/// error that it owned if the function cannot be called with this type, which is valid until it returns.
///
/// Must return: no C++ exception, no longjmp and no pthread_exit may leave it.
pub type lb_wit_check_t = Option<
    unsafe extern "C" fn(
        data: *mut c_void,
        name: *const c_char,
        r#type: *const lb_wit_func_type_t,
    ) -> *mut lb_error_t,
>;

/// A function of C with its data.
struct FrameCallback {
    callback: unsafe extern "C" fn(
        *mut c_void,
        *mut lb_wit_context_t,
        *const lb_wit_frame_t,
    ) -> *mut lb_error_t,
    check: lb_wit_check_t,
    owned: Owned,
    types: KnownTypes,
}

/// The types that a function was called with, as C has them: few, since each import has one.
#[derive(Default)]
pub(crate) struct KnownTypes(OnceLock<Box<Known>>);

struct Known {
    ty: WitFuncType,
    signature: Arc<Signature>,
    next: KnownTypes,
}

impl KnownTypes {
    /// That of a call.
    #[inline]
    pub(crate) fn get(&self, ty: &WitFuncType) -> &Arc<Signature> {
        let mut all = self;
        loop {
            let known = all.0.get_or_init(|| Known::of(ty));
            if shares(&known.ty, ty) || known.ty == *ty {
                return &known.signature;
            }
            all = &known.next;
        }
    }
}

impl Known {
    #[cold]
    fn of(ty: &WitFuncType) -> Box<Known> {
        Box::new(Known {
            ty: ty.clone(),
            signature: Arc::new(Signature::of(ty)),
            next: KnownTypes::default(),
        })
    }
}

/// Whether types are the same since they share their parts in memory. That is told fast.
fn shares(one: &WitFuncType, other: &WitFuncType) -> bool {
    if std::ptr::eq(one, other) {
        return true;
    }
    let of = |it: &WitType| (sort(it), address(it));
    let same = |a: &WitType, b: &WitType| of(a) == of(b) && (address(a) != 0 || a == b);
    let mut params = one.params.iter().zip(&other.params);
    one.params.len() == other.params.len()
        && params
            .all(|(a, b)| (Arc::ptr_eq(&a.name, &b.name) || a.name == b.name) && same(&a.ty, &b.ty))
        && match (&one.result, &other.result) {
            (Some(a), Some(b)) => same(a, b),
            (a, b) => a.is_none() && b.is_none(),
        }
}

/// A call of a host function, behind a `lb_wit_context_t`.
pub(crate) struct HostCall<'a> {
    pub(crate) context: &'a WitContext<'a>,
    pub(crate) ty: &'a WitFuncType,
    pub(crate) types: &'a KnownTypes,
    given: Option<(WitFrame, Vec<HostResource>)>,
    /// A buffer for what it gives.
    pub(crate) buffer: Vec<u8>,
}

/// What is larger is not copied once more.
const SMALL: usize = 4096;

impl<'a> HostCall<'a> {
    /// Makes a call, and lends it a buffer.
    #[inline(always)]
    pub(crate) fn run(
        context: &'a WitContext<'a>,
        ty: &'a WitFuncType,
        types: &'a KnownTypes,
        args: &mut WitFrame,
        call: impl FnOnce(&mut HostCall<'a>, &mut WitFrame) -> Result<()>,
    ) -> Result<WitFrame> {
        with_buffer(|buffer| {
            let mut made = HostCall::new(context, ty, types);
            made.buffer = std::mem::take(buffer);
            call(&mut made, args)?;
            let given = made.result()?;
            if given.bytes.len() > SMALL {
                return Ok(given);
            }
            // The buffer of the arguments comes back with the next call, and this one does too.
            let mut bytes = std::mem::take(&mut args.bytes);
            bytes.clear();
            bytes.extend_from_slice(&given.bytes);
            *buffer = given.bytes;
            Ok(WitFrame {
                bytes,
                blobs: given.blobs,
            })
        })
    }

    fn new(
        context: &'a WitContext<'a>,
        ty: &'a WitFuncType,
        types: &'a KnownTypes,
    ) -> HostCall<'a> {
        HostCall {
            context,
            ty,
            types,
            given: None,
            buffer: Vec::new(),
        }
    }

    /// # Safety
    /// `context` is NULL, or that of a host function that runs and uses it nowhere else.
    pub(crate) unsafe fn of(context: *mut lb_wit_context_t) -> Result<&'a mut HostCall<'a>> {
        // SAFETY: the caller's promise; contexts that C has are made below.
        unsafe { context.cast::<HostCall<'a>>().as_mut() }.ok_or_else(|| null("the context"))
    }

    pub(crate) fn as_c(&mut self) -> *mut lb_wit_context_t {
        std::ptr::from_mut(self).cast()
    }

    pub(crate) fn give(&mut self, frame: WitFrame, objects: Vec<HostResource>) -> Result<()> {
        if self.given.is_some() {
            let text = "the function gave its result already";
            return Err(Error::new(ErrorKind::Type, text));
        }
        self.given = Some((frame, objects));
        Ok(())
    }

    /// What the function gave.
    pub(crate) fn result(self) -> Result<WitFrame> {
        let nothing = || (WitFrame::default(), Vec::new());
        let (mut frame, objects) = match (&self.ty.result, self.given) {
            (_, Some(given)) => given,
            (None, None) => nothing(),
            (Some(WitType::Result(of)), None) if of.ok.is_none() => {
                let (mut frame, objects) = nothing();
                frame.bytes.push(0);
                (frame, objects)
            }
            (Some(ty), None) => return Err(no_result(self.context.name(), ty)),
        };
        self.context.give_objects(self.ty, &mut frame, &objects)?;
        Ok(frame)
    }
}

#[cold]
fn no_result(name: &str, ty: &WitType) -> Error {
    let place = format!("result of {}", text::name(name));
    let wrong = WrongValue::Other {
        expected: &text::short(ty),
        given: "nothing",
    };
    wrong_value(&place, wrong)
}

impl WitHost for FrameCallback {
    fn call(
        &self,
        context: &WitContext<'_>,
        ty: &WitFuncType,
        args: &mut WitFrame,
    ) -> Result<WitFrame> {
        let objects = context.take_objects(ty, args)?;
        HostCall::run(context, ty, &self.types, args, |call, args| {
            let lending = Lending::new(&args.blobs, &objects);
            let frame = lending.frame(&mut args.bytes);
            // SAFETY: whoever registered the function promises that it takes its data and these, returns, and gives an
            // error that it owned, or NULL; all of it lives until then.
            unsafe {
                let error = (self.callback)(self.owned.data, call.as_c(), &raw const frame);
                lb_error_t::taken(error)
            }
        })
    }

    fn check(&self, name: &str, ty: &WitFuncType) -> Result<()> {
        let Some(check) = self.check else {
            return Ok(());
        };
        let (name, ty) = (c_name(name), Signature::of(ty));
        // SAFETY: as above.
        unsafe {
            let error = check(self.owned.data, name.as_ptr(), &raw const ty.view);
            lb_error_t::taken(error)
        }
    }
}

/// Lends to components what `host` makes.
///
/// # Safety
/// The names are NULL or texts.
pub(crate) unsafe fn lend_wit(
    imports: lb_imports_t,
    interface: *const c_char,
    name: *const c_char,
    host: impl FnOnce() -> Result<Arc<dyn WitHost>>,
) -> Result<()> {
    let imports = imports.get()?;
    // SAFETY: the caller's promise.
    let (interface, name) = unsafe {
        (
            crate::read::text(interface, "interface")?,
            crate::read::text(name, "name")?,
        )
    };
    let mut one = Imports::new();
    one.wit(&interface, &name, host()?);
    lend(&imports, one);
    Ok(())
}

/// Lends a function to components, over frames; its type is the one that a component imports it with. check may be NULL.
/// drop (or NULL) is called with data once neither the collection nor an instance needs the function any more; it is
/// called in any case, at once if this function fails. Instances may run on any thread: the callbacks and their data must
/// allow for that.
///
/// Errors: LB_KIND_CLOSED if the collection was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_imports_wit_frame(
    imports: lb_imports_t,
    interface: *const c_char,
    name: *const c_char,
    callback: lb_wit_frame_callback_t,
    check: lb_wit_check_t,
    data: *mut c_void,
    drop: lb_drop_t,
) -> *mut lb_error_t {
    let owned = Owned { data, drop };
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        lend_wit(imports, interface, name, || {
            let callback = callback.ok_or_else(|| null("the callback"))?;
            Ok(Arc::new(FrameCallback {
                callback,
                check,
                owned,
                types: KnownTypes::default(),
            }))
        })
    })
}

/// Lends a resource of an interface to components: objects of the program's can cross as it. An interface that has
/// functions, one of which was lent, has its resources without this.
///
/// Errors: LB_KIND_CLOSED if the collection was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_imports_wit_resource(
    imports: lb_imports_t,
    interface: *const c_char,
    name: *const c_char,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let imports = imports.get()?;
        let mut one = Imports::new();
        one.wit_resource(
            &crate::read::text(interface, "interface")?,
            &crate::read::text(name, "name")?,
        );
        lend(&imports, one);
        Ok(())
    })
}

/// The same call as the functions of imports take it: for lb_context_store(), lb_context_name() and lb_context_export().
/// NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_context_base(
    context: *mut lb_wit_context_t,
) -> *const lb_context_t {
    // SAFETY: the caller passes NULL or the context that the function was called with.
    match unsafe { HostCall::of(context) } {
        Ok(call) => std::ptr::from_ref::<landbridge::HostContext<'_>>(call.context).cast(),
        Err(_) => std::ptr::null(),
    }
}

/// The type that the component imports the function with. It lives as long as the function is lent; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_context_type(
    context: *mut lb_wit_context_t,
) -> *const lb_wit_func_type_t {
    // SAFETY: the caller passes NULL or the context that the function was called with.
    match unsafe { HostCall::of(context) } {
        Ok(call) => &raw const call.types.get(call.ty).view,
        Err(_) => std::ptr::null(),
    }
}

/// Gives what the function gives, once: the frame of its result, which is copied. Objects in it are the library's from
/// then on, also if this fails.
///
/// Errors: LB_KIND_TYPE if it was called before. What else is wrong with the frame comes out of the outermost call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_context_give_frame(
    context: *mut lb_wit_context_t,
    frame: *const lb_wit_frame_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let mut call = HostCall::of(context);
        let buffer = call.as_mut().map(|call| std::mem::take(&mut call.buffer));
        let buffer = buffer.unwrap_or_default();
        let (frame, objects) = Given::read(frame)?.into_frame(buffer)?;
        call?.give(frame, objects)
    })
}
