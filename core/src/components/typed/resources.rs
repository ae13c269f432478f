//! Resources, and all that only functions with some of them need.

use std::any::{Any, type_name};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::{FromWit, ToWit, Wit, WitPlace};
use crate::components::frame::Crossed;
use crate::components::handles::take_all;
use crate::components::walk::{self, Holds};
use crate::{
    Error, ErrorKind, GuestResource, HostResource, Resource, Result, WitContext, WitFrame, WitFunc,
    WitFuncType, WitReader, WitType, WitWriter, text,
};

/// An object of the host as a resource of WIT, with its Rust type. Use it like a reference to the object. Cheap to clone; all
/// clones are one. It lives as long as a [`HostResource`] does.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// use landbridge::{HostObject, Imports};
///
/// struct Counter(AtomicU32);
///
/// // resource counter { constructor(start: u32); up: func(by: u32) -> u32; }
/// let mut imports = Imports::new();
/// imports.wit_typed("demo:app/counters", "[constructor]counter", |start: u32| {
///     HostObject::new(Counter(start.into()))
/// });
/// imports.wit_typed("demo:app/counters", "[method]counter.up", |this: HostObject<Counter>, by: u32| {
///     this.0.fetch_add(by, Ordering::Relaxed) + by
/// });
/// ```
///
/// An object of another type is an error of kind `type`, which says which type was expected.
pub struct HostObject<T: ?Sized>(Arc<T>);

impl<T: Any + Send + Sync> HostObject<T> {
    /// Makes a resource of an object.
    pub fn new(object: T) -> HostObject<T> {
        HostObject(Arc::new(object))
    }

    /// The object. Called as `HostObject::object(&it)`, so that it hides no method of the object.
    pub fn object(this: &HostObject<T>) -> &Arc<T> {
        &this.0
    }
}

/// For an object that is shared already.
impl<T: Any + Send + Sync> From<Arc<T>> for HostObject<T> {
    fn from(object: Arc<T>) -> HostObject<T> {
        HostObject(object)
    }
}

impl<T: Any + Send + Sync> From<HostObject<T>> for HostResource {
    fn from(object: HostObject<T>) -> HostResource {
        HostResource(object.0)
    }
}

impl<T: Any + Send + Sync> TryFrom<HostResource> for HostObject<T> {
    type Error = Error;

    fn try_from(resource: HostResource) -> Result<HostObject<T>> {
        match resource.0.downcast() {
            Ok(object) => Ok(HostObject(object)),
            Err(_) => Err(Error::new(ErrorKind::Type, other_object::<T>())),
        }
    }
}

fn other_object<T>() -> String {
    let name = type_name::<T>();
    text::of(format_args!(
        "the resource is another object of the host, not {name}"
    ))
}

impl<T: ?Sized> Deref for HostObject<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> Clone for HostObject<T> {
    fn clone(&self) -> HostObject<T> {
        HostObject(self.0.clone())
    }
}

/// Whether they are one object.
impl<T: ?Sized> PartialEq for HostObject<T> {
    fn eq(&self, other: &HostObject<T>) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: ?Sized> fmt::Debug for HostObject<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HostObject({})", type_name::<T>())
    }
}

/// Given or lent: that is told by the function.
macro_rules! resources {
    ($([$($of:tt)*] $Rust:ty, $it:ident => $resource:expr;)*) => {$(
        impl<$($of)*> Wit for $Rust {
            fn check(ty: &WitType, place: &WitPlace<'_>) -> Result<()> {
                match ty {
                    WitType::Own(_) | WitType::Borrow(_) => Ok(()),
                    other => Err(place.other::<Self>(other)),
                }
            }

            fn spell(text: &mut String) {
                text.push_str("a resource");
            }
        }

        impl<$($of)*> ToWit for $Rust {
            fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
                self.clone().lower_own(frame);
            }

            fn lower_own(self, frame: &mut WitWriter<'_>) {
                let $it = self;
                frame.resource($resource);
            }
        }
    )*};
}

resources! {
    [] Resource, it => it;
    [] GuestResource, it => Resource::Guest(it);
    [] HostResource, it => Resource::Host(it);
    [T: Any + Send + Sync] HostObject<T>, it => Resource::Host(it.into());
}

impl FromWit for Resource {
    fn lift(frame: &mut WitReader<'_>) -> Result<Resource> {
        frame.resource()
    }
}

impl FromWit for GuestResource {
    fn lift(frame: &mut WitReader<'_>) -> Result<GuestResource> {
        match frame.resource()? {
            Resource::Guest(it) => Ok(it),
            Resource::Host(_) => Err(frame
                .wrong_resource("the resource is an object of the host, not one of a component")),
        }
    }
}

impl FromWit for HostResource {
    fn lift(frame: &mut WitReader<'_>) -> Result<HostResource> {
        match frame.resource()? {
            Resource::Host(it) => Ok(it),
            Resource::Guest(_) => {
                Err(frame
                    .wrong_resource("the resource is of a component, not an object of the host"))
            }
        }
    }
}

impl<T: Any + Send + Sync> FromWit for HostObject<T> {
    fn lift(frame: &mut WitReader<'_>) -> Result<HostObject<T>> {
        match HostResource::lift(frame)?.0.downcast() {
            Ok(object) => Ok(HostObject(object)),
            Err(_) => Err(frame.wrong_resource(&other_object::<T>())),
        }
    }
}

/// All that a frame holds, with the resources that came in it.
fn lift_all<T: FromWit>(
    frame: &mut WitFrame,
    mut crossed: Vec<Crossed>,
    ty: &WitFuncType,
    holds: Holds<'_>,
) -> Result<T> {
    let mut reader = frame.reader_of(&mut crossed);
    let lifted = T::lift(&mut reader).and_then(|it| reader.end().map(|()| it));
    lifted.map_err(|error| match crossed.iter().find(|it| it.is_wrong) {
        Some(wrong) => walk::placed(error, wrong.at, &frame.bytes, ty, holds),
        None => error,
    })
}

/// Calls a function with arguments that were written, and gives their resources handles for that.
#[inline(never)]
pub(super) fn call_with_resources<R: FromWit>(
    func: &WitFunc,
    mut frame: WitWriter<'_>,
) -> Result<R> {
    let ty = func.ty();
    let (mut results, crossed) = func.call_written(
        |handles| {
            handles.give_all(&mut frame, ty, Holds::Arguments)?;
            Ok(frame)
        },
        |results| {
            let crossed = take_all(func.store(), &results.bytes, ty, Holds::Result)?;
            Ok((std::mem::take(results), crossed))
        },
    )?;
    lift_all(&mut results, crossed, ty, Holds::Result)
}

/// Runs a host function with types of Rust, some of which are resources.
#[inline(never)]
pub(super) fn run_with_resources<P: FromWit, T: ToWit>(
    context: &WitContext<'_>,
    ty: &WitFuncType,
    args: &mut WitFrame,
    run: impl FnOnce(P) -> Result<T>,
) -> Result<WitFrame> {
    let crossed = take_all(context.store(), &args.bytes, ty, Holds::Arguments)?;
    let params = lift_all(args, crossed, ty, Holds::Arguments);
    let params = params.map_err(|error| error.at_place(&text::name(context.name())))?;
    let given = run(params)?;
    let mut frame = WitWriter::new();
    given.lower_own(&mut frame);
    let mut handles = context.handles();
    let holds = Holds::ResultOf(context.name());
    if let Err(error) = handles.give_all(&mut frame, ty, holds) {
        handles.release();
        return Err(error);
    }
    frame.finish()
}
