//! How objects of a store are shown to people: in `{:?}`, Python's `repr` and Node.js's
//! `console.log`. It is one short line and never blocks: a debugger may ask in the middle of a call.

use crate::store::Context;
use crate::{
    ErrorKind, ExternType, Func, Global, GlobalType, Instance, Memory, MemoryType, Module, Store,
    Table, TableType, Type, text,
};

/// So many exports are told.
const MOST_EXPORTS: usize = 8;

impl Module {
    /// The module in a line: its name and what it exports.
    pub fn shown(&self) -> String {
        format!("Module{}{}", self.shown_name(), self.shown_exports())
    }

    /// The name, if there is one, to be put behind a word.
    pub fn shown_name(&self) -> String {
        let name = self.name().map(|name| format!(" {}", text::name(name)));
        name.unwrap_or_default()
    }

    fn shown_exports(&self) -> String {
        if self.is_component() {
            return " (component)".to_owned();
        }
        let exports = self.exports().iter();
        let exports = exports.map(|(name, ty)| format!("{}: {}", text::name(name), short(ty)));
        match exports.len() {
            0 => String::new(),
            _ => format!(" {{ {} }}", text::listed(exports, MOST_EXPORTS, ", ")),
        }
    }
}

impl Instance {
    /// The instance in a line: its module's name and what it exports.
    pub fn shown(&self) -> String {
        let (name, exports) = (self.module().shown_name(), self.module().shown_exports());
        let state = match self.is_closed() {
            true => " (closed)",
            false => "",
        };
        format!("Instance{name}{exports}{state}")
    }
}

impl Func {
    /// The function in a line: its name and its type.
    pub fn shown(&self) -> String {
        format!("Func {}{}", text::name(self.name()), signature(self.ty()))
    }
}

impl Memory {
    /// The memory in a line: its type and how large it is.
    pub fn shown(&self) -> String {
        self.store.glance("Memory", |ctx| {
            let ty = MemoryType::of(&self.memory.ty(&ctx.engine)).to_string();
            let bytes = self.memory.data_size(&ctx.engine);
            format!("{}, {bytes} bytes", ty.trim_start_matches("memory "))
        })
    }
}

impl Table {
    /// The table in a line: its type and how many elements it has.
    pub fn shown(&self) -> String {
        self.store.glance("Table", |ctx| {
            let ty = TableType::of(&self.table.ty(&ctx.engine)).to_string();
            let size = self.table.size(&ctx.engine);
            format!("{}, size {size}", ty.trim_start_matches("table "))
        })
    }
}

impl Global {
    /// The global in a line: its type, and its value if that is a number.
    pub fn shown(&self) -> String {
        self.store.glance("Global", |ctx| {
            let ty = GlobalType::of(&self.global.ty(&ctx.engine));
            let told = ty.to_string();
            let told = told.trim_start_matches("global ");
            if !matches!(ty.content, Type::I32 | Type::I64 | Type::F32 | Type::F64) {
                return told.to_owned();
            }
            match self.global.get(&mut ctx.engine) {
                wasmtime::Val::I32(n) => format!("{told} = {n}"),
                wasmtime::Val::I64(n) => format!("{told} = {n}"),
                wasmtime::Val::F32(bits) => format!("{told} = {}", f32::from_bits(bits)),
                wasmtime::Val::F64(bits) => format!("{told} = {}", f64::from_bits(bits)),
                _ => told.to_owned(),
            }
        })
    }
}

impl Store {
    /// The store in a line: what its guests have.
    pub fn shown(&self) -> String {
        self.glance("Store", |ctx| {
            let usage = self.usage_in(ctx);
            let (instances, bytes) = (usage.instances, usage.memory_bytes);
            format!("instances: {instances}, bytes of memory: {bytes}")
        })
    }

    /// Looks at something of the store if nobody is in; `what` says what is seen.
    fn glance(&self, sort: &str, what: impl FnOnce(&mut Context<'_>) -> String) -> String {
        match self.if_free(|ctx| Ok(what(ctx))) {
            Some(Ok(seen)) => format!("{sort} {seen}"),
            Some(Err(error)) => format!("{sort} ({})", error.kind()),
            None => format!("{sort} ({})", ErrorKind::Busy),
        }
    }
}

/// A type as it stands behind a name.
fn short(ty: &ExternType) -> String {
    match ty {
        ExternType::Func(ty) => signature(ty),
        other => other.to_string(),
    }
}

/// `(i32, i32) -> (i32)`, shorter where there is one result or none.
fn signature(ty: &crate::FuncType) -> String {
    let told = ty.to_string();
    match ty.results() {
        [] => told.replace(" -> ()", ""),
        [one] => told.replace(&format!(" -> ({one})"), &format!(" -> {one}")),
        _ => told,
    }
}
