//! The context of the host function that runs now: of a module's caller, or of a component's.

use wasmtime::{AsContextMut, Caller, StoreContextMut};

use super::Data;

/// Where that context is. Its address is even: an odd one is of a component's.
#[derive(Clone, Copy)]
pub(super) struct Live(*mut ());

const OF_COMPONENT: usize = 1;

impl Live {
    #[inline(always)]
    pub(super) fn of(address: *mut ()) -> Live {
        Live(address)
    }

    /// A component's, for as long as its host function runs.
    #[inline(always)]
    pub(super) fn of_component(context: &mut StoreContextMut<'_, Data>) -> Live {
        Live(
            (&raw mut *context)
                .cast::<()>()
                .map_addr(|it| it | OF_COMPONENT),
        )
    }

    #[inline(always)]
    pub(super) fn address(self) -> *mut () {
        self.0
    }

    /// Whether no host function runs.
    #[inline(always)]
    pub(super) fn is_none(self) -> bool {
        self.0.is_null()
    }

    fn is_of_component(self) -> bool {
        self.0.addr() & OF_COMPONENT != 0
    }

    /// The module's caller, if a module called.
    ///
    /// # Safety
    /// It must be there, and nobody else use it.
    pub(super) unsafe fn caller<'a>(self) -> Option<&'a mut Caller<'static, Data>> {
        if self.is_of_component() {
            return None;
        }
        // SAFETY: the caller's promise; null is none.
        unsafe { self.0.cast::<Caller<'static, Data>>().as_mut() }
    }

    /// The context.
    ///
    /// # Safety
    /// It must be there, which is not for null, and nobody else use it.
    #[inline(always)]
    pub(super) unsafe fn context<'a>(self) -> StoreContextMut<'a, Data> {
        if self.is_of_component() {
            let context = self.0.map_addr(|it| it & !OF_COMPONENT);
            // SAFETY: the caller's promise.
            return unsafe { &mut *context.cast::<StoreContextMut<'static, Data>>() }
                .as_context_mut();
        }
        // SAFETY: the caller's promise.
        unsafe { &mut *self.0.cast::<Caller<'static, Data>>() }.as_context_mut()
    }
}
