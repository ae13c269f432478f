//! Host functions, and where they were called from.

use crate::{Error, Extern, FuncType, Result, Slot, Store, Type, Value, messages, text};

/// A function that the host provides to guests. Its type is the one with which the module imports it.
///
/// It runs on the thread and the native stack of the call that reached it, and may call back into
/// any instance of the same store. A panic is caught and becomes an error.
pub trait HostFunc: Send + Sync {
    /// Takes the arguments and gives as many results as `ty` says, each of its type.
    fn call(&self, context: &HostContext<'_>, ty: &FuncType, args: &[Value]) -> Result<Vec<Value>>;

    /// The same for a signature of plain bits ([`FuncType::is_plain`]): `slots` holds the arguments
    /// and takes the results. Hosts that can skip [`Value`] implement it.
    fn call_raw(&self, context: &HostContext<'_>, ty: &FuncType, slots: &mut [Slot]) -> Result<()> {
        let args = slots.iter().zip(ty.params());
        let args = args
            .map(|(slot, ty)| slot.to_value(*ty))
            .collect::<Result<Vec<_>>>()?;
        let results = self.call(context, ty, &args)?;
        context.check_count(ty.results(), results.len())?;
        for (i, (result, ty)) in results.iter().zip(ty.results()).enumerate() {
            slots[i] = Slot::from_value(result, *ty, &|| context.result_place(i))?;
        }
        Ok(())
    }

    /// Asked when it is lent: an error if it cannot be called with this signature. `name` is what the
    /// module imports it by.
    fn check(&self, name: &str, ty: &FuncType) -> Result<()> {
        let _ = (name, ty);
        Ok(())
    }
}

impl<F> HostFunc for F
where
    F: Fn(&HostContext<'_>, &[Value]) -> Result<Vec<Value>> + Send + Sync,
{
    fn call(&self, context: &HostContext<'_>, _: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        self(context, args)
    }
}

/// Where a host function was called from. Valid during that call only.
pub struct HostContext<'a> {
    pub(crate) store: &'a Store,
    pub(crate) name: &'a str,
}

impl HostContext<'_> {
    /// The store the guest runs in.
    pub fn store(&self) -> &Store {
        self.store
    }

    /// The name the module imports the function by, such as `env.log`.
    pub fn name(&self) -> &str {
        self.name
    }

    /// An export of the instance that called, if a guest did.
    pub fn export(&self, name: &str) -> Option<Extern> {
        self.store.caller_export(name)
    }

    /// The same where there must be one.
    ///
    /// # Errors
    /// `not_found` if there is none of this name, or no guest called.
    pub fn exported(&self, name: &str) -> Result<Extern> {
        let none = || messages::no_callers_export(text::quoted(name));
        self.export(name).ok_or_else(none)
    }

    /// `result 1 of env.log`, for messages.
    pub fn result_place(&self, index: usize) -> String {
        messages::result(index + 1, text::name(self.name))
    }

    /// Checks the number of results a host function gave.
    pub fn check_count(&self, expected: &[Type], given: usize) -> Result<()> {
        if expected.len() == given {
            return Ok(());
        }
        let place = messages::results(text::name(self.name));
        Err(Error::count(&place, expected, given))
    }
}
