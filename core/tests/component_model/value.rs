//! Values as the suite writes them.

use landbridge_worlds::Value;
use wast::component::WastVal;
use wast::{WastArg, WastRet};

pub(crate) fn argument(arg: &WastArg<'_>) -> Result<Value, String> {
    match arg {
        WastArg::Component(it) => value(it),
        other => Err(format!("no value of a component: {other:?}")),
    }
}

pub(crate) fn result(ret: &WastRet<'_>) -> Result<Value, String> {
    match ret {
        WastRet::Component(it) => value(it),
        other => Err(format!("no value of a component: {other:?}")),
    }
}

fn value(it: &WastVal<'_>) -> Result<Value, String> {
    let values = |list: &[WastVal<'_>]| list.iter().map(value).collect::<Result<Vec<_>, _>>();
    Ok(match it {
        WastVal::Bool(v) => Value::Bool(*v),
        WastVal::U8(v) => Value::U8(*v),
        WastVal::S8(v) => Value::S8(*v),
        WastVal::U16(v) => Value::U16(*v),
        WastVal::S16(v) => Value::S16(*v),
        WastVal::U32(v) => Value::U32(*v),
        WastVal::S32(v) => Value::S32(*v),
        WastVal::U64(v) => Value::U64(*v),
        WastVal::S64(v) => Value::S64(*v),
        WastVal::F32(v) => Value::F32(v.bits),
        WastVal::F64(v) => Value::F64(v.bits),
        WastVal::Char(v) => Value::Char(*v),
        WastVal::String(v) => Value::String((*v).to_owned()),
        WastVal::List(v) => Value::List(values(v)?),
        WastVal::Tuple(v) => Value::Tuple(values(v)?),
        WastVal::Option(v) => Value::Option(boxed(v.as_deref())?),
        WastVal::Result(Ok(v)) => Value::Result(Ok(boxed(v.as_deref())?)),
        WastVal::Result(Err(v)) => Value::Result(Err(boxed(v.as_deref())?)),
        WastVal::Record(v) => {
            let fields = v
                .iter()
                .map(|(name, v)| Ok(((*name).to_owned(), value(v)?)));
            Value::Record(fields.collect::<Result<_, String>>()?)
        }
        WastVal::Variant(name, v) => Value::Variant((*name).to_owned(), boxed(v.as_deref())?),
        WastVal::Enum(name) => Value::Enum((*name).to_owned()),
        WastVal::Flags(names) => Value::Flags(names.iter().map(|it| (*it).to_owned()).collect()),
        WastVal::Map(_) => return Err("a map is no value of WIT 0.2".to_owned()),
    })
}

fn boxed(it: Option<&WastVal<'_>>) -> Result<Option<Box<Value>>, String> {
    it.map(value).transpose().map(|it| it.map(Box::new))
}
