//! The host module that the suite's modules import from.

use std::sync::Arc;

use landbridge::{
    Extern, Func, FuncType, Global, GlobalType, HostContext, Imports, Memory, MemoryType, Result,
    Store, Table, TableType, Type, Value,
};

pub(crate) fn imports(store: &Store) -> Result<Imports> {
    let mut imports = Imports::new();
    for (name, params) in PRINTS {
        imports.define("spectest", name, print(store, params)?);
    }
    for (name, value) in GLOBALS {
        imports.define("spectest", name, global(store, value)?);
    }
    imports.define("spectest", "table", table(store, false)?);
    imports.define("spectest", "table64", table(store, true)?);
    imports.define(
        "spectest",
        "memory",
        Memory::new(store, &MemoryType::new(1, Some(2)))?,
    );
    Ok(imports)
}

const PRINTS: [(&str, &[Type]); 7] = [
    ("print", &[]),
    ("print_i32", &[Type::I32]),
    ("print_i64", &[Type::I64]),
    ("print_f32", &[Type::F32]),
    ("print_f64", &[Type::F64]),
    ("print_i32_f32", &[Type::I32, Type::F32]),
    ("print_f64_f64", &[Type::F64, Type::F64]),
];

const GLOBALS: [(&str, Value); 4] = [
    ("global_i32", Value::I32(666)),
    ("global_i64", Value::I64(666)),
    ("global_f32", Value::F32(666.6)),
    ("global_f64", Value::F64(666.6)),
];

fn print(store: &Store, params: &[Type]) -> Result<Extern> {
    let nothing = |_: &HostContext<'_>, _: &[Value]| Ok(vec![]);
    Ok(Func::new(store, &FuncType::new(params, []), Arc::new(nothing))?.into())
}

fn global(store: &Store, value: Value) -> Result<Extern> {
    let ty = GlobalType {
        content: value.ty(),
        mutable: false,
    };
    Ok(Global::new(store, &ty, &value)?.into())
}

fn table(store: &Store, is_64: bool) -> Result<Extern> {
    let ty = TableType {
        is_64,
        ..TableType::new(Type::FuncRef, 10, Some(20))
    };
    Ok(Table::new(store, &ty, &Value::FuncRef(None))?.into())
}
