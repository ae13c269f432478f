//! What the components of one store share: whether they may be called, and what waits to be dropped.
//!
//! The engine has two rules that it does not tell about, so they are kept here. An error that unwinds a guest of a
//! store ends all components of the store: none can be called again. And a component must not be called while a call
//! of it is at work, which the engine does not look at.

use std::cell::{Cell, RefCell};

use wasmtime::component::ResourceAny;

use super::lane::{AtWork, HostFrames};
use super::resources::{Object, Resources, Taken};
use crate::store::{Context, Inner, Remain};
use crate::{Error, ErrorKind, Result, Store, fork, messages, text};

/// Of one store. What is not locked is only touched by who holds the turn.
#[derive(Default)]
pub(crate) struct Components {
    resources: RefCell<Resources>,
    /// Why none can be called any more.
    ended: RefCell<Option<Box<str>>>,
    /// How many calls are at work.
    at_work: Cell<u32>,
    /// Of guests; their destructors run when no call is at work.
    to_drop: RefCell<Vec<ResourceAny>>,
    /// Handles that were dropped, on whichever thread.
    dropped: fork::Lock<Vec<u64>>,
    /// What its components were made of, with the functions of the host.
    pub(super) made_of: RefCell<Vec<Object>>,
    /// Of the last call of the host.
    frames: Cell<Option<Box<HostFrames>>>,
}

impl Components {
    /// Of a store whose host may have so many handles.
    pub(crate) fn new(most_handles: usize) -> Components {
        Components {
            resources: RefCell::new(Resources::limited(most_handles)),
            ..Components::default()
        }
    }

    pub(crate) fn resources(&self) -> &RefCell<Resources> {
        &self.resources
    }

    /// Keeps why they were ended; see [`Inner::end_components`].
    pub(crate) fn end(&self, error: &Error) {
        let mut ended = self.ended.borrow_mut();
        if ended.is_none() {
            let first = error.message().lines().next().unwrap_or_default();
            *ended = Some(text::of(format_args!("{}: {first}", error.kind())).into());
        }
    }

    /// Refuses calls if the components were ended.
    ///
    /// # Errors
    /// `poisoned`.
    #[inline]
    pub(crate) fn check(&self) -> Result<()> {
        match &*self.ended.borrow() {
            None => Ok(()),
            Some(why) => Err(messages_ended(why)),
        }
    }

    /// A call of a component that is at work, until it is dropped.
    #[inline]
    pub(crate) fn begin(&self) -> Call<'_> {
        self.at_work.set(self.at_work.get() + 1);
        Call(self)
    }

    /// The frames of the last call of the host, if nobody has them.
    #[inline]
    pub(crate) fn take_frames(&self) -> Option<Box<HostFrames>> {
        self.frames.take()
    }

    #[inline]
    pub(crate) fn keep_frames(&self, mut frames: Box<HostFrames>) {
        if frames.clear() {
            self.frames.set(Some(frames));
        }
    }

    #[inline]
    fn is_idle(&self) -> bool {
        self.at_work.get() == 0
    }
}

/// A call that is at work.
pub(crate) struct Call<'a>(&'a Components);

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.0.at_work.set(self.0.at_work.get() - 1);
    }
}

#[cold]
fn messages_ended(why: &str) -> Error {
    let text = format!(
        "the components of this store were ended by an earlier error ({why}); instantiate the component again"
    );
    Error::new(ErrorKind::Poisoned, text)
}

impl Inner {
    /// The resources that its hosts and guests share. The turn must be held.
    pub(crate) fn resources(&self) -> &RefCell<Resources> {
        self.components().resources()
    }

    /// How many handles its hosts and guests have. The turn must be held.
    pub(crate) fn handles(&self) -> u64 {
        let made = self.made_components();
        made.map_or(0, |it| it.resources.borrow().len() as u64)
    }

    /// Lets go of what was taken out of the resources, later: objects when the engine is out of the way, resources of
    /// guests when no call of a component is at work. The turn must be held.
    pub(crate) fn let_go_of(&self, taken: Taken) {
        match taken {
            Taken::Guest(resource) => {
                self.components().to_drop.borrow_mut().push(resource);
                self.note_drops();
            }
            Taken::Object(object) => self.bury_object(object),
            Taken::Nothing => {}
        }
    }

    fn bury_object(&self, object: Object) {
        self.bury(Remain::Held(object));
    }

    /// Lets go of all that is the host's, once the engine's store is gone.
    pub(crate) fn bury_components(&self) {
        let Some(components) = self.made_components() else {
            return;
        };
        let objects = components.resources.take().into_objects();
        let made_of = components.made_of.take();
        objects.chain(made_of).for_each(|it| self.bury_object(it));
    }

    /// Notes a handle that nobody has any more. On any thread.
    pub(crate) fn drop_later(&self, handle: u64) {
        self.components().dropped.lock().push(handle);
        self.note_drops();
    }
}

/// What a call of a component looks at first, if there is something to look at.
///
/// # Errors
/// `poisoned` if the components were ended; that of a destructor.
#[cold]
pub(crate) fn look(ctx: &mut Context<'_>) -> Result<()> {
    ctx.store().inner().components().check()?;
    settle(ctx)
}

/// Runs the destructors that wait, if no call is at work. An error of one ends the components.
#[inline]
pub(crate) fn settle(ctx: &mut Context<'_>) -> Result<()> {
    let store = ctx.store();
    let inner = store.inner();
    if !inner.has_drops() || !inner.components().is_idle() {
        return Ok(());
    }
    settle_all(ctx, store)
}

#[cold]
fn settle_all(ctx: &mut Context<'_>, store: &Store) -> Result<()> {
    let inner = store.inner();
    inner.forget_drops();
    let settled = settle_each(ctx, store);
    if settled.is_err() {
        inner.note_drops();
    }
    settled
}

fn settle_each(ctx: &mut Context<'_>, store: &Store) -> Result<()> {
    let inner = store.inner();
    let components = inner.components();
    loop {
        for handle in std::mem::take(&mut *components.dropped.lock()) {
            let taken = components.resources.borrow_mut().take(handle);
            if let Ok(taken) = taken {
                inner.let_go_of(taken);
            }
        }
        let next = components.to_drop.borrow_mut().pop();
        match next {
            Some(resource) => destroy(ctx, store, resource)?,
            None if components.dropped.lock().is_empty() => return Ok(()),
            None => {}
        }
    }
}

/// Runs a destructor, or later if its component is at work: it is a call of that. Nothing is left of what components
/// that were ended had.
fn destroy(ctx: &mut Context<'_>, store: &Store, resource: ResourceAny) -> Result<()> {
    let components = store.inner().components();
    if components.check().is_err() {
        return Ok(());
    }
    let maker = components.resources.borrow().maker(resource.ty()).cloned();
    let at_work = maker.as_ref().map(|it| it.flag().begin());
    if let Some(None) = at_work {
        store.inner().let_go_of(Taken::Guest(resource));
        return Ok(());
    }
    let _call = components.begin();
    AtWork::run(ctx.thread(), store.inner(), None, || {
        store.run_in(ctx, |engine| resource.resource_drop(engine))
    })
}

/// Runs the destructor of what a component dropped that is another one's; later, if other calls are at work, since
/// one of them may be of that other one.
pub(crate) fn destroy_now(store: &Store, resource: ResourceAny) -> Result<()> {
    let components = store.inner().components();
    if components.at_work.get() > 1 {
        store.inner().let_go_of(Taken::Guest(resource));
        return Ok(());
    }
    store.enter(|ctx| destroy(ctx, store, resource))
}

/// Gives back what was lent to a host function.
pub(crate) fn give_back(store: &Store, handles: &[u64]) -> Result<()> {
    store.enter(|ctx| {
        for handle in handles {
            let taken = store.inner().resources().borrow_mut().take(*handle);
            if let Ok(Taken::Guest(resource)) = taken {
                let dropped = resource.resource_drop(&mut ctx.engine);
                dropped.map_err(|e| Error::from_engine(e, ErrorKind::Internal))?;
            }
        }
        Ok(())
    })
}

/// Makes components, if there are any, ready for another user: what was dropped is destroyed, and nothing may be left
/// of what the last user had.
///
/// # Errors
/// `poisoned` if they were ended, now or before; `busy` if a handle is open still.
pub(crate) fn renew(ctx: &mut Context<'_>) -> Result<()> {
    let components = ctx.store().inner().components();
    if components.made_of.borrow().is_empty() {
        return Ok(());
    }
    settle(ctx)?;
    components.check()?;
    match components.resources.borrow().has_handles() {
        true => Err(Error::new(
            ErrorKind::Busy,
            "a handle of a resource is open",
        )),
        false => Ok(()),
    }
}

impl Store {
    /// Closes a resource by the handle that stands for it in frames, as
    /// [`GuestResource::close`](crate::GuestResource::close) does.
    ///
    /// # Errors
    /// `busy` if a call in flight borrows it; the error of the destructor, if it fails.
    pub fn close_resource(&self, handle: u64) -> Result<()> {
        if self.is_closed() {
            return Ok(());
        }
        self.enter(|ctx| {
            let inner = self.inner();
            let taken = inner.resources().borrow_mut().take(handle);
            match taken {
                Ok(taken) => inner.let_go_of(taken),
                Err(error) if error.kind() == ErrorKind::Closed => return Ok(()),
                Err(error) => return Err(error),
            }
            settle(ctx)
        })
    }

    /// Releases a handle that is not used any more, on any thread and without waiting: the next call of a component closes
    /// the resource.
    pub fn drop_resource(&self, handle: u64) {
        self.inner().drop_later(handle);
    }

    /// Whether a handle of a resource can be used: it was not closed or given away.
    ///
    /// # Errors
    /// `busy` and the like if the store cannot be asked.
    pub fn has_resource(&self, handle: u64) -> Result<bool> {
        if self.is_closed() {
            return Ok(false);
        }
        self.enter(|_| Ok(self.inner().resources().borrow().has(handle)))
    }
}

/// The error for calling a component while a call of it is at work.
#[cold]
pub(crate) fn is_at_work(name: &str) -> Error {
    let text = format!(
        "{} cannot be called now: a call of its component waits for the host function that runs; a component is not \
         entered twice",
        text::name(name)
    );
    Error::new(ErrorKind::Busy, text)
}

/// What a closed instance says.
pub(crate) fn closed() -> Error {
    messages::closed("instance")
}
