//! Calls whose frames a binding wrote: objects of the host in them are given handles, and taken out again.

use crate::components::frame::WitArgs;
use crate::components::handles::{Handles, objects_into, objects_out_of};
use crate::components::walk::Holds;
use crate::{
    Blobs, HostResource, Instance, Pool, Prepared, Result, Sink, WitContext, WitFrame, WitFunc,
    WitFuncType,
};

/// The arguments of a call.
pub struct Crossing<'a> {
    /// Their frame. The places of objects in it become handles.
    pub bytes: &'a mut [u8],
    /// What lies beside it.
    pub blobs: &'a dyn Blobs,
    /// The objects of the host in it.
    pub objects: &'a [HostResource],
}

/// A frame of one's own with the objects of the host that lie beside it: arguments, or a result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Crossed {
    /// The frame.
    pub frame: WitFrame,
    /// Its objects.
    pub objects: Vec<HostResource>,
}

impl Crossed {
    /// Calls a function with it.
    fn call(mut self, func: &WitFunc) -> Result<Crossed> {
        let args = Crossing {
            bytes: &mut self.frame.bytes,
            blobs: &self.frame.blobs,
            objects: &self.objects,
        };
        let mut result = WitFrame::default();
        let objects = func.call_host(args, &mut result.bytes, &mut result.blobs)?;
        Ok(Crossed {
            frame: result,
            objects,
        })
    }
}

impl Pool {
    /// Takes an instance, calls a function of it, and gives it back. A resource in the result is closed with the instance.
    ///
    /// # Errors
    /// As [`Pool::wit_call`].
    pub fn call_crossed(&self, name: &str, args: Crossed) -> Result<Crossed> {
        let instance = self.get()?;
        let called = instance.wit_func(name).and_then(|func| args.call(&func));
        instance.close();
        called
    }

    /// The same on one of the engine's threads, not started yet.
    pub fn prepare_crossed(&self, name: &str, args: Crossed) -> Prepared<Crossed> {
        let (pool, name) = (self.clone(), name.to_owned());
        Prepared::new(self.queue(), None, move || pool.call_crossed(&name, args))
    }
}

impl Instance {
    /// Calls a function by its name with an owned frame on one of the engine's threads, where it is also looked up, so that
    /// this thread does not wait for a store that is at work. Not started yet.
    pub fn prepare_crossed(&self, name: &str, args: Crossed) -> Prepared<Crossed> {
        let (instance, name) = (self.clone(), name.to_owned());
        Prepared::in_store(self.store(), move || args.call(&instance.wit_func(&name)?))
    }
}

impl WitFunc {
    /// Calls it with an owned frame on one of the engine's threads; not started yet.
    pub fn prepare_crossed(&self, args: Crossed) -> Prepared<Crossed> {
        let func = self.clone();
        Prepared::in_store(self.store(), move || args.call(&func))
    }

    /// Calls it with a frame whose objects are beside it. The frame of the result is added to `results`, and the objects of
    /// the result are returned. Objects that the guest did not keep are released.
    ///
    /// # Errors
    /// As [`WitFunc::call_into`]; `type` if there is no such object, or none can be here.
    #[inline]
    pub fn call_host(
        &self,
        args: Crossing<'_>,
        results: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<Vec<HostResource>> {
        let Crossing {
            bytes,
            blobs,
            objects,
        } = args;
        if self.has_handles() {
            return self.call_with_objects(bytes, blobs, objects, results, sink);
        }
        self.call_into(&WitArgs { bytes, blobs }, results, sink)?;
        Ok(Vec::new())
    }

    #[inline(never)]
    fn call_with_objects(
        &self,
        bytes: &mut [u8],
        blobs: &dyn Blobs,
        objects: &[HostResource],
        results: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<Vec<HostResource>> {
        self.store().enter(|ctx| {
            let mut handles = Handles::new(ctx.store().inner(), self.resources());
            let given = objects_into(&mut handles, bytes, self.ty(), Holds::Arguments, objects);
            let from = results.len();
            let called =
                given.and_then(|()| self.call_in(ctx, &WitArgs { bytes, blobs }, results, sink));
            handles.release();
            called?;
            objects_out_of(self.store(), &mut results[from..], self.ty(), Holds::Result)
        })
    }
}

impl WitContext<'_> {
    /// The objects of the host among the arguments; the frame then has their indexes in the result of this function. `ty` is
    /// the type that the host function got.
    ///
    /// # Errors
    /// `type` if the frame is malformed.
    pub fn take_objects(&self, ty: &WitFuncType, args: &mut WitFrame) -> Result<Vec<HostResource>> {
        match self.has_handles() {
            true => objects_out_of(self.store(), &mut args.bytes, ty, Holds::Arguments),
            false => Ok(Vec::new()),
        }
    }

    /// Gives handles to the objects of the host in a result. `ty` is the type that the host function got.
    ///
    /// # Errors
    /// `type` if there is no such object, if none can be here, or if the frame is malformed.
    pub fn give_objects(
        &self,
        ty: &WitFuncType,
        result: &mut WitFrame,
        objects: &[HostResource],
    ) -> Result<()> {
        if !self.has_handles() {
            return Ok(());
        }
        let mut handles = self.handles();
        let holds = Holds::ResultOf(self.name());
        let given = objects_into(&mut handles, &mut result.bytes, ty, holds, objects);
        if given.is_err() {
            handles.release();
        }
        given
    }
}
