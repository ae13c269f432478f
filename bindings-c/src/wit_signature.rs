//! Signatures of a language's own types
//!
//! For bindings of languages that have types. Make a signature from your language's types, and the library checks it once
//! against the function's, with the same messages in every host. A signature crosses as a frame, whose layout is in
//! docs/contributing/host.md. One that has only a result is the type of a value, for reading and writing text.

use std::ffi::c_char;

use landbridge::host::wit::Signature;
use landbridge::{Error, ErrorKind, Field, Result, WitFuncType, WitType, host};

use crate::error::lb_error_t;
use crate::guard::guard;
use crate::guard::guard_out;
use crate::out::Out;
use crate::read::{array, null, text};
use crate::stdio::lb_bytes_t;
use crate::types::lb_bool;
use crate::wit_frame::{Blobbing, Given, lb_wit_frame_t, lb_wit_sink_t};
use crate::wit_type::lb_wit_func_type_t;

/// # Safety
/// `signature` is NULL or leads to as many bytes.
unsafe fn read(signature: *const u8, length: usize) -> Result<Signature> {
    // SAFETY: the caller's promise.
    Signature::read(unsafe { array(signature, length, "signature")? })
}

/// # Safety
/// As [`read`].
unsafe fn read_type(signature: *const u8, length: usize) -> Result<WitType> {
    // SAFETY: the caller's promise.
    let signature = unsafe { read(signature, length) }?;
    signature.result()?.ok_or_else(no_type)
}

#[cold]
fn no_type() -> Error {
    Error::new(ErrorKind::Type, "the signature has no result")
}

/// # Safety
/// `ty` is NULL or leads to a type of this library's.
unsafe fn func_type(ty: *const lb_wit_func_type_t) -> Result<WitFuncType> {
    // SAFETY: the caller's promise, in all of it.
    unsafe {
        let ty = ty.as_ref().ok_or_else(|| null("type"))?;
        let params = array(ty.params, ty.nparams, "params")?.iter().map(|it| {
            let of = it
                .r#type
                .as_ref()
                .ok_or_else(|| null("a parameter's type"))?;
            Ok(Field {
                name: text(it.name, "name")?.into(),
                ty: of.ty.clone(),
                docs: None,
            })
        });
        Ok(WitFuncType {
            params: params.collect::<Result<_>>()?,
            result: ty.result.as_ref().map(|it| it.ty.clone()),
        })
    }
}

/// Checks that a function has a signature. type is that of a function of a component; name is how messages call it. is_host
/// says that the function is the program's, and that a component imports it with this type. is_ok receives whether the
/// result, as the signature has it, is the ok of a result that the type has: the signature says whether it may be.
///
/// Errors: LB_KIND_TYPE if it has another one, LB_KIND_LINK if it is the program's: the message says where they differ;
/// LB_KIND_UNSUPPORTED if the signature is a frame of another version.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_signature_check(
    r#type: *const lb_wit_func_type_t,
    name: *const c_char,
    is_host: lb_bool,
    signature: *const u8,
    length: usize,
    is_ok: Out<lb_bool>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard_out(is_ok, 0, || unsafe {
        let (signature, name) = (read(signature, length)?, text(name, "name")?);
        let found = func_type(r#type)?;
        let checked = match is_host {
            0 => signature.check(&name, &found),
            _ => signature.check_host(&name, &found),
        };
        Ok(checked?.into())
    })
}

/// Reads a value from its text, as lb_wit_parse_frame() does. Its type is the result of the signature.
///
/// Errors: LB_KIND_TYPE if the text is no such value; LB_KIND_RANGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_signature_parse(
    signature: *const u8,
    length: usize,
    source: *const c_char,
    sink: *const lb_wit_sink_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let ty = read_type(signature, length)?;
        let mut sink = Blobbing::new(sink)?;
        sink.give_frame(host::wit::parse(&ty, &text(source, "source")?)?, &[])
    })
}

/// The value in a frame as text, as lb_wit_format_frame() gives it. Its type is the result of the signature. The caller
/// releases the text.
///
/// Errors: LB_KIND_TYPE if the frame is malformed, or has a resource in it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_signature_format(
    signature: *const u8,
    length: usize,
    frame: *const lb_wit_frame_t,
    text: Out<lb_bytes_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard_out(text, lb_bytes_t::NONE, || unsafe {
        let ty = read_type(signature, length)?;
        let (mut frame, _) = Given::read(frame)?.into_frame(Vec::new())?;
        lb_bytes_t::give(host::wit::format(&ty, &mut frame)?.into_bytes())
    })
}
