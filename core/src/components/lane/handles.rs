//! Handles on their way: between the store's table of resources and the component's own.
//!
//! A resource of a guest crosses by the engine's own handle. One of the host crosses by its place in our table: the
//! engine keeps nothing of it, so that a host may keep what was lent to it, and its object stays for certain until the
//! guest drops it.

use std::mem::MaybeUninit;

use wasmtime::component::__internal::{InterfaceType, LiftContext, LowerContext};
use wasmtime::component::{Lift, Lower, ResourceAny};
use wasmtime::{Result, ValRaw};

use super::lift::Target;
use super::{at_work, is_off};
use crate::components::resources::Sent;
use crate::frame::Reader;

/// Gives a handle of a frame to a component: its index there.
pub(super) fn lower<T>(
    cx: &mut LowerContext<'_, T>,
    ty: InterfaceType,
    frame: &mut Reader<'_>,
) -> Result<u32> {
    let handle = u64::from_le_bytes(frame.array()?);
    let (InterfaceType::Own(t) | InterfaceType::Borrow(t)) = ty else {
        return Err(is_off());
    };
    let is_own = matches!(ty, InterfaceType::Own(_));
    let wanted = cx.resource_type(t);
    let sent = at_work::resources(|it| it.borrow_mut().send(handle, wanted, is_own))?;
    match (sent, is_own) {
        (Sent::Place(place), true) => cx.guest_resource_lower_own(t, place),
        (Sent::Place(place), false) => cx.guest_resource_lower_borrow(t, place),
        (Sent::Guest(resource), _) => {
            let mut slot = MaybeUninit::new(ValRaw::u32(0));
            resource.linear_lower_to_flat(cx, ty, &mut slot)?;
            // SAFETY: it was initialised when it was made.
            Ok(unsafe { slot.assume_init() }.get_u32())
        }
    }
}

/// Takes a handle from a component, by its index there.
pub(super) fn lift(
    cx: &mut LiftContext<'_>,
    ty: InterfaceType,
    index: u32,
    to: &mut Target<'_>,
) -> Result<()> {
    let (InterfaceType::Own(t) | InterfaceType::Borrow(t)) = ty else {
        return Err(is_off());
    };
    let is_own = matches!(ty, InterfaceType::Own(_));
    let has = cx.resource_type(t);
    let handle = match at_work::resources(|it| it.borrow().is_of_host(has)) {
        true if is_own => {
            let (place, ..) = cx.guest_resource_lift_own(t, index)?;
            at_work::resources(|it| it.borrow_mut().take_back(place))?
        }
        true => {
            let place = cx.guest_resource_lift_borrow(t, index)?;
            at_work::resources(|it| it.borrow_mut().view(place))?
        }
        false => {
            let resource = ResourceAny::linear_lift_from_flat(cx, ty, &ValRaw::u32(index))?;
            at_work::resources(|it| it.borrow_mut().keep(resource))?
        }
    };
    if let (false, Some(borrowed)) = (is_own, &mut to.borrowed) {
        borrowed.push(handle);
    }
    to.bytes.extend_from_slice(&handle.to_le_bytes());
    Ok(())
}
