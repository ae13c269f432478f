//! Imports: what Java lends.

use std::sync::Arc;

use jni::sys::jlong;
use landbridge::frame::{self, Item, Lending};
use landbridge::{Func, Global, Imports, Instance, Memory, Result, Table, Tag};

use crate::kind::find;
use crate::lent::LentFunc;
use crate::refs::Weak;
use crate::types::{Here, Object, Objects};
use crate::upcall::Lender;
use crate::value::lower_one;
use crate::wit_call::LentWit;

/// Functions are known by their index at the lender, as [`LentFunc::new`] has it; values that are objects lie in the
/// array.
pub(crate) fn imports(
    lender: Here<Object>,
    lent: Option<Vec<u8>>,
    objects: Here<Objects>,
) -> Result<Imports> {
    let mut imports = Imports::new();
    let Some(lent) = lent else {
        return Ok(imports);
    };
    let lending: Lending<'_> = frame::read(&lent)?;
    imports.initialize(lending.initialize);
    let lender = Arc::new(Weak::new(lender.env, lender.it.0)?);
    let upcalls = Arc::new(Lender::new());
    for it in lending.items {
        let (module, name) = (it.module.unwrap_or_default(), it.name);
        match it.item {
            Item::Nothing => &mut imports,
            Item::Extern(sort, id) => define(&mut imports, (module, name), sort, id as jlong)?,
            Item::Instance(id) => imports.instance(name, &*find::<Instance>(id as jlong)?)?,
            Item::Func(index) => imports.host_func(
                module,
                name,
                Arc::new(LentFunc::new(&lender, &upcalls, index)),
            ),
            Item::Wit(index) => imports.wit(module, name, Arc::new(LentWit::new(&lender, index))),
            Item::WitResource => imports.wit_resource(module, name),
            Item::Value { ty, bits, object } => {
                let bits = bits.map(|half| half as jlong);
                let value = lower_one(ty, &bits, (objects, object as usize))?;
                imports.value(module, name, value)
            }
        };
    }
    Ok(imports)
}

fn define<'a>(
    imports: &'a mut Imports,
    (module, name): (&str, &str),
    sort: u8,
    id: jlong,
) -> Result<&'a mut Imports> {
    Ok(match sort {
        1 => imports.define(module, name, (*find::<Func>(id)?).clone()),
        2 => imports.define(module, name, (*find::<Memory>(id)?).clone()),
        3 => imports.define(module, name, (*find::<Table>(id)?).clone()),
        4 => imports.define(module, name, (*find::<Global>(id)?).clone()),
        _ => imports.define(module, name, (*find::<Tag>(id)?).clone()),
    })
}
