//! The resources of a store that the host has to do with: which handles there are, and who has what.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use wasmtime::component::{ResourceAny, ResourceType};

use super::maker::Maker;
use crate::limits::too_many_handles;
use crate::{Error, ErrorKind, Result};

/// An object of the host behind a handle.
pub(crate) type Object = Arc<dyn Any + Send + Sync>;

/// The type by which a resource of the host crosses.
pub(crate) struct HostType {
    interface: Box<str>,
    name: Box<str>,
    ty: ResourceType,
}

impl HostType {
    pub(super) fn new(interface: &str, name: &str, ty: ResourceType) -> HostType {
        HostType {
            interface: interface.into(),
            name: name.into(),
            ty,
        }
    }
}

/// All that the host has handles to, or has given to guests. A handle is a place and a number that no other handle of
/// any store of this process has: one that was closed, given away or made up is found out.
#[derive(Default)]
pub(crate) struct Resources {
    places: Vec<Place>,
    free: Vec<u32>,
    /// The types by which resources cross as places: those of the host, and those of other components.
    types: Vec<(ResourceType, Crossing)>,
    /// Whose resources those of a guest's type are.
    makers: Vec<(ResourceType, Arc<dyn Maker>)>,
    /// How many places there may be.
    most: usize,
}

/// Whose resources cross as places.
#[derive(PartialEq)]
enum Crossing {
    /// The host's, by interface and name.
    Host(Box<str>, Box<str>),
    /// Those of another component.
    Component(ResourceType),
}

struct Place {
    /// The higher half of the handle; 0 while no host has a handle.
    number: u32,
    /// What the number was first: it tells this thing from one that was here before.
    born: u32,
    /// How many calls it is lent to.
    lent: u32,
    what: What,
}

/// What is at a place.
enum What {
    Nothing,
    /// A resource of a guest.
    Guest(ResourceAny),
    /// An object of the host, by the type that it crosses as.
    Object(ResourceType, Object),
    /// What a guest lent to a host function: the place of what it has, and when that was born.
    View(u32, u32),
}

/// What is given to a component.
pub(crate) enum Sent {
    /// The place here.
    Place(u32),
    /// The engine's own handle.
    Guest(ResourceAny),
}

/// What a host took out.
pub(crate) enum Taken {
    Guest(ResourceAny),
    Object(Object),
    Nothing,
}

/// The number of the next type.
static NEXT_TYPE: AtomicU32 = AtomicU32::new(1);

/// The number of the next handle.
static NEXT: AtomicU32 = AtomicU32::new(1);

fn next() -> u32 {
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        if number != 0 {
            return number;
        }
    }
}

fn split(handle: u64) -> (u32, u32) {
    (handle as u32, (handle >> 32) as u32)
}

pub(super) fn gone() -> Error {
    Error::new(
        ErrorKind::Closed,
        "the resource was closed or given away, or it is of another store",
    )
}

impl Resources {
    /// At most so many.
    #[inline]
    pub(crate) fn limited(most: usize) -> Resources {
        Resources {
            most,
            ..Resources::default()
        }
    }

    /// How many places are used.
    pub(crate) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// The type by which resources of the host's cross: one for each name of an interface.
    pub(crate) fn type_of_host(&mut self, interface: &str, name: &str) -> ResourceType {
        let named = Crossing::Host(interface.into(), name.into());
        self.crossing(named)
    }

    /// Takes types over that were made for another store, unless the host's resources cross by others here.
    pub(crate) fn adopt(&mut self, types: &[HostType]) -> bool {
        let named = |it: &HostType| Crossing::Host(it.interface.clone(), it.name.clone());
        let known = |types: &[(ResourceType, Crossing)], it: &HostType| {
            let found = types.iter().find(|(_, what)| *what == named(it));
            found.map(|(ty, _)| *ty)
        };
        if types
            .iter()
            .any(|it| known(&self.types, it).is_some_and(|ty| ty != it.ty))
        {
            return false;
        }
        for it in types {
            if known(&self.types, it).is_none() {
                self.types.push((it.ty, named(it)));
            }
        }
        true
    }

    /// Whether the host has a handle of anything.
    pub(crate) fn has_handles(&self) -> bool {
        self.places.iter().any(|place| place.number != 0)
    }

    /// The type by which resources of a component cross to other ones.
    pub(crate) fn type_of_component(&mut self, of: ResourceType) -> ResourceType {
        match self.is_of_host(of) {
            true => of,
            false => self.crossing(Crossing::Component(of)),
        }
    }

    /// Says whose resources those of a type are, if they are no host's.
    pub(crate) fn is_made_by(&mut self, ty: ResourceType, made: Arc<dyn Maker>) {
        if !self.is_of_host(ty) && self.maker(ty).is_none() {
            self.makers.push((ty, made));
        }
    }

    /// Whose resources those of a type are.
    pub(crate) fn maker(&self, ty: ResourceType) -> Option<&Arc<dyn Maker>> {
        let found = self.makers.iter().find(|(it, _)| *it == ty);
        found.map(|(_, made)| made)
    }

    fn crossing(&mut self, what: Crossing) -> ResourceType {
        if let Some((ty, _)) = self.types.iter().find(|(_, it)| *it == what) {
            return *ty;
        }
        let ty = ResourceType::host_dynamic(NEXT_TYPE.fetch_add(1, Ordering::Relaxed));
        self.types.push((ty, what));
        ty
    }

    /// Whether resources of a type cross as places.
    pub(crate) fn is_of_host(&self, ty: ResourceType) -> bool {
        self.types.iter().any(|(it, _)| *it == ty)
    }

    fn add(&mut self, what: What) -> Result<u64> {
        if self.len() >= self.most {
            return Err(too_many_handles(self.most));
        }
        let number = next();
        let place = Place {
            number,
            born: number,
            lent: 0,
            what,
        };
        let at = match self.free.pop() {
            Some(at) => {
                self.places[at as usize] = place;
                at
            }
            None => {
                self.places.push(place);
                (self.places.len() - 1) as u32
            }
        };
        Ok(u64::from(at) | u64::from(number) << 32)
    }

    fn remove(&mut self, at: u32) -> What {
        let place = &mut self.places[at as usize];
        let what = std::mem::replace(&mut place.what, What::Nothing);
        if !matches!(what, What::Nothing) {
            (place.number, place.born) = (0, 0);
            self.free.push(at);
        }
        what
    }

    fn find(&self, handle: u64) -> Result<(u32, &Place)> {
        let (at, number) = split(handle);
        match self.places.get(at as usize) {
            Some(place) if place.number == number && number != 0 => Ok((at, place)),
            _ => Err(gone()),
        }
    }

    /// The place of the thing itself, behind what is only a view of it.
    fn origin(&self, at: u32) -> Result<u32> {
        match self.places[at as usize].what {
            What::View(of, born) if self.places[of as usize].born != born => Err(gone()),
            What::View(of, _) => Ok(of),
            _ => Ok(at),
        }
    }

    /// Keeps a resource that a guest gave or lent: its handle.
    pub(crate) fn keep(&mut self, resource: ResourceAny) -> Result<u64> {
        self.add(What::Guest(resource))
    }

    /// Makes a handle for an object of the host that is to cross as a type.
    ///
    /// # Errors
    /// `type` if that is a type of a guest's resources; `limit`.
    pub(crate) fn make(&mut self, ty: ResourceType, object: Object) -> Result<u64> {
        let is_of_host =
            |(it, of): &(ResourceType, Crossing)| *it == ty && matches!(of, Crossing::Host(..));
        match self.types.iter().any(is_of_host) {
            true => self.add(What::Object(ty, object)),
            false => Err(Error::new(
                ErrorKind::Type,
                "the resource is of a component, and an object of the host cannot stand for it",
            )),
        }
    }

    /// A handle for the time that a guest lends what is at a place.
    pub(crate) fn view(&mut self, at: u32) -> Result<u64> {
        let place = self.places.get(at as usize).ok_or_else(gone)?;
        self.add(What::View(at, place.born))
    }

    /// Gives a handle again for what a guest gave back.
    pub(crate) fn take_back(&mut self, at: u32) -> Result<u64> {
        let place = self.places.get_mut(at as usize).ok_or_else(gone)?;
        place.number = next();
        Ok(u64::from(at) | u64::from(place.number) << 32)
    }

    /// Checks a handle before it crosses as a type.
    ///
    /// # Errors
    /// `closed`, `busy` if it is given away while it is lent, `type`.
    pub(crate) fn check(&self, handle: u64, wanted: ResourceType, is_own: bool) -> Result<()> {
        let (at, place) = self.find(handle)?;
        if is_own && place.lent > 0 {
            return Err(Error::new(
                ErrorKind::Busy,
                "a call in flight borrows the resource: it cannot be given away before that call returns",
            ));
        }
        let lends = || {
            Error::new(
                ErrorKind::Type,
                "the resource is only borrowed here, and cannot be given away",
            )
        };
        let fits = match &self.places[self.origin(at)? as usize].what {
            What::Guest(resource) if is_own && !resource.owned() => return Err(lends()),
            What::Guest(resource) => {
                resource.ty() == wanted
                    || self
                        .types
                        .contains(&(wanted, Crossing::Component(resource.ty())))
            }
            What::Object(ty, _) => *ty == wanted,
            _ => return Err(gone()),
        };
        match (fits, &place.what) {
            (true, What::View(..)) if is_own => Err(lends()),
            (true, _) => Ok(()),
            (false, _) => Err(Error::new(
                ErrorKind::Type,
                "the resource is of another type",
            )),
        }
    }

    /// Lends what a handle is of to one more call, or one less.
    pub(crate) fn lend(&mut self, handle: u64, one_more: bool) {
        if let Ok((at, _)) = self.find(handle) {
            let lent = &mut self.places[at as usize].lent;
            *lent = if one_more {
                *lent + 1
            } else {
                lent.saturating_sub(1)
            };
        }
    }

    /// Gives or lends a resource to a component.
    pub(crate) fn send(&mut self, handle: u64, wanted: ResourceType, is_own: bool) -> Result<Sent> {
        self.check(handle, wanted, is_own)?;
        let (at, _) = split(handle);
        let at = self.origin(at)?;
        let place = &mut self.places[at as usize];
        match place.what {
            What::Guest(resource) if resource.ty() == wanted => {
                if is_own {
                    self.remove(at);
                }
                Ok(Sent::Guest(resource))
            }
            _ => {
                if is_own {
                    // Only the guest has it from now on.
                    place.number = 0;
                }
                Ok(Sent::Place(at))
            }
        }
    }

    /// The object of the host behind a handle.
    pub(crate) fn object(&self, handle: u64) -> Result<Option<Object>> {
        let (at, _) = self.find(handle)?;
        Ok(match &self.places[self.origin(at)? as usize].what {
            What::Object(_, object) => Some(object.clone()),
            _ => None,
        })
    }

    /// Whether a handle can be used.
    pub(crate) fn has(&self, handle: u64) -> bool {
        self.find(handle).is_ok()
    }

    /// Takes out what a handle is of.
    ///
    /// # Errors
    /// `closed`; `busy` if it is lent.
    pub(crate) fn take(&mut self, handle: u64) -> Result<Taken> {
        let (at, place) = self.find(handle)?;
        if place.lent > 0 {
            let text = "a call in flight borrows the resource: it cannot be closed before that call returns";
            return Err(Error::new(ErrorKind::Busy, text));
        }
        Ok(self.take_at(at))
    }

    /// Takes out what a guest dropped, by its place.
    pub(crate) fn take_dropped(&mut self, at: u32) -> Taken {
        match (at as usize) < self.places.len() {
            true => self.take_at(at),
            false => Taken::Nothing,
        }
    }

    /// All objects of the host.
    pub(crate) fn into_objects(self) -> impl Iterator<Item = Object> {
        self.places
            .into_iter()
            .filter_map(|place| match place.what {
                What::Object(_, object) => Some(object),
                _ => None,
            })
    }

    fn take_at(&mut self, at: u32) -> Taken {
        match self.remove(at) {
            What::Guest(resource) => Taken::Guest(resource),
            What::Object(_, object) => Taken::Object(object),
            What::View(..) | What::Nothing => Taken::Nothing,
        }
    }
}
