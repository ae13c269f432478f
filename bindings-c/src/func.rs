//! Functions

use std::ffi::{c_char, c_void};

use landbridge::handle::{self, Lent};
use landbridge::{Error, ErrorKind, FEW, FewSlots, Func, Result, Slot, messages, text};

use crate::callback::{Callback, MANY};
use crate::error::{Owned, lb_drop_t, lb_error_t};
use crate::guard::{guard, guard_new, guard_out, guard_release, guard_same};
use crate::handle::{lb_func_t, lb_store_t};
use crate::imports::lb_callback_t;
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::{array, array_mut, null};
use crate::text::give_text;
use crate::types::lb_func_type_t;
use crate::value::lb_value_t;

noun!(lb_func_t, "func", Func);

/// Calls a function with nargs arguments and writes its nresults results. The caller keeps the
/// references in args, and releases those in results. Nothing is allocated for numbers and vectors.
///
/// May be called from any thread: threads that meet on a store take turns. On an error, results are
/// left as they were.
///
/// Errors: LB_KIND_TYPE if the arguments do not fit, or nresults is not the number of results;
/// LB_KIND_RANGE for an integer that is no i31ref; LB_KIND_TRAP with code and frames;
/// LB_KIND_EXCEPTION, see lb_error_exception(); what a host function returned; LB_KIND_WRONG_STORE
/// for a reference to something of another store; LB_KIND_CLOSED, LB_KIND_POISONED,
/// LB_KIND_DEADLOCK; LB_KIND_BUSY while another coroutine of this thread is in a host function;
/// LB_KIND_UNSUPPORTED on a coroutine's stack without a guard page, and for "_initialize" if it ran already.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_func_call(
    func: lb_func_t,
    args: *const lb_value_t,
    nargs: usize,
    results: *mut lb_value_t,
    nresults: usize,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        if let Some(idle) = handle::idle_func(func.id) {
            let func = idle.lent();
            if func.few().takes(nargs, nresults) {
                return call_few(&func, args, nargs, results, nresults);
            }
        }
        call_slowly(func, args, nargs, results, nresults)
    })
}

/// Where somebody is in the store, the handle is none of a function, or the function is not of so few numbers.
///
/// # Safety
/// As [`call`].
#[cold]
#[inline(never)]
unsafe fn call_slowly(
    func: lb_func_t,
    args: *const lb_value_t,
    nargs: usize,
    results: *mut lb_value_t,
    nresults: usize,
) -> Result<()> {
    handle::with_func(func.id, |func| {
        // SAFETY: the caller's promise.
        unsafe { call_many(func, args, nargs, results, nresults) }
    })
}

/// # Safety
/// `args` and `results` are NULL or lead to as many values as said.
#[inline(always)]
pub(crate) unsafe fn call(
    func: &Lent<'_, Func>,
    args: *const lb_value_t,
    nargs: usize,
    results: *mut lb_value_t,
    nresults: usize,
) -> Result<()> {
    if !func.few().takes(nargs, nresults) {
        // SAFETY: the caller's promise.
        return unsafe { call_many(func, args, nargs, results, nresults) };
    }
    // SAFETY: the caller's promise, and the counts are those of the signature.
    unsafe { call_few(func, args, nargs, results, nresults) }
}

/// # Safety
/// `args` and `results` are NULL or lead to as many values as said, and as the signature says, which is of few numbers.
#[inline(always)]
unsafe fn call_few(
    func: &Lent<'_, Func>,
    args: *const lb_value_t,
    nargs: usize,
    results: *mut lb_value_t,
    nresults: usize,
) -> Result<()> {
    if args.is_null() || results.is_null() {
        check_null(nargs, args, "args")?;
        check_null(nresults, results, "results")?;
    }
    let (few, mut slots) = (func.few(), FewSlots::new());
    for i in 0..nargs.min(FEW) {
        // SAFETY: the caller's promise.
        let arg = unsafe { &*args.add(i) };
        if arg.r#type != few.param(i) {
            return Err(wrong_argument(func, i, arg));
        }
        slots.set(i, arg.bits());
    }
    // SAFETY: the signature is of few numbers, and the arguments are set.
    unsafe { func.call_few(&mut slots) }?;
    let result = few.result();
    if result != 0 {
        // SAFETY: the caller's promise; the call has set the result.
        unsafe { (*results).set_bits(result, slots.result(result)) };
    }
    Ok(())
}

/// # Safety
/// As [`call`].
#[inline(never)]
unsafe fn call_many(
    func: &Lent<'_, Func>,
    args: *const lb_value_t,
    nargs: usize,
    results: *mut lb_value_t,
    nresults: usize,
) -> Result<()> {
    func.check_count(nargs)?;
    if nresults != func.ty().results().len() {
        return Err(wrong_results(func, nresults));
    }
    let slots = nargs.max(nresults);
    // SAFETY: the caller's promise is ours, and the counts are those of the signature.
    unsafe {
        match func.ty().is_plain() {
            true if slots <= 4 => call_plain(func, args, results, &mut [Slot::zero(); 4]),
            true if slots <= MANY => call_plain(func, args, results, &mut [Slot::zero(); MANY]),
            true => call_plain(func, args, results, &mut vec![Slot::zero(); slots]),
            false => call_any(func, args, results),
        }
    }
}

#[cold]
fn wrong_results(func: &Func, given: usize) -> Error {
    let what = messages::results(text::name(func.name()));
    Error::count(&what, func.ty().results(), given)
}

/// # Safety
/// `args` and `results` are NULL or lead to as many values as the signature says. They may overlap:
/// references to the one end before the other is used.
#[inline(always)]
unsafe fn call_plain(
    func: &Lent<'_, Func>,
    args: *const lb_value_t,
    results: *mut lb_value_t,
    slots: &mut [Slot],
) -> Result<()> {
    let (params, types) = (func.ty().params(), func.ty().results());
    check_null(params.len(), args, "args")?;
    check_null(types.len(), results, "results")?;
    for (i, ty) in params.iter().enumerate() {
        // SAFETY: it is not NULL, and the caller promises the rest.
        let arg = unsafe { &*args.add(i) };
        match arg.slot(*ty) {
            Some(slot) => slots[i] = slot,
            None => return Err(wrong_argument(func, i, arg)),
        }
    }
    func.call_raw(slots)?;
    for (i, ty) in types.iter().enumerate() {
        // SAFETY: as above.
        unsafe { (*results.add(i)).set(&slots[i], *ty) };
    }
    Ok(())
}

#[inline(always)]
fn check_null<T>(count: usize, values: *const T, what: &str) -> Result<()> {
    match count != 0 && values.is_null() {
        true => Err(null(what)),
        false => Ok(()),
    }
}

#[cold]
fn wrong_argument(func: &Func, index: usize, arg: &lb_value_t) -> Error {
    arg.wrong_type(&func.argument_place(index), func.ty().params()[index])
}

/// For references.
///
/// # Safety
/// As [`call_plain`].
#[cold]
unsafe fn call_any(func: &Func, args: *const lb_value_t, results: *mut lb_value_t) -> Result<()> {
    let ty = func.ty();
    // SAFETY: the caller's promise; the references end before the results are written.
    let args = unsafe { array(args, ty.params().len(), "args")? };
    check_null(ty.results().len(), results, "results")?;
    let values = lb_value_t::read_all(args, |i| func.argument_place(i))?;
    let given = func.call(&values)?;
    // SAFETY: the caller's promise.
    let results = unsafe { array_mut(results, given.len(), "results")? };
    lb_value_t::give_all(&given, results)
}

/// Calls a function of at most four numbers, i32, i64, f32 or f64, that gives at most one, as lb_func_call() does, for
/// callers that have compared its signature with lb_func_type() once and need not say the types again. bits holds the
/// bits of its count arguments, a word for each, and receives those of the result in its first word. Of a word the low
/// 32 bits count where the type has 32; in the result the others are zero. bits has room for one word at least.
///
/// A signature that you took for another one gives numbers that mean nothing, and does no other harm.
///
/// Errors: LB_KIND_TYPE if the function is not of count such numbers; else as lb_func_call().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_func_call_bits(
    func: lb_func_t,
    bits: *mut u64,
    count: usize,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        if let Some(idle) = handle::idle_func(func.id) {
            let func = idle.lent();
            if func.few().takes_numbers(count) {
                return call_bits(&func, bits, count);
            }
        }
        call_bits_slowly(func, bits, count)
    })
}

/// # Safety
/// `bits` is NULL or leads to so many words, and to one.
#[cold]
#[inline(never)]
unsafe fn call_bits_slowly(func: lb_func_t, bits: *mut u64, count: usize) -> Result<()> {
    handle::with_func(func.id, |func| {
        if !func.few().takes_numbers(count) {
            return Err(no_numbers(func, count));
        }
        // SAFETY: the caller's promise.
        unsafe { call_bits(func, bits, count) }
    })
}

/// # Safety
/// As [`call_bits_slowly`]; the function takes so many numbers.
#[inline(always)]
unsafe fn call_bits(func: &Lent<'_, Func>, bits: *mut u64, count: usize) -> Result<()> {
    let (few, mut slots) = (func.few(), FewSlots::new());
    check_null(1, bits, "bits")?;
    for i in 0..count.min(FEW) {
        // SAFETY: the caller's promise.
        slots.set(i, unsafe { bits.add(i).read() });
    }
    // SAFETY: the signature is of few numbers, and the arguments are set.
    unsafe { func.call_few(&mut slots) }?;
    let result = few.result();
    if result != 0 {
        // SAFETY: the caller's promise; the call has set the result.
        unsafe { bits.write(slots.result(result)) };
    }
    Ok(())
}

#[cold]
fn no_numbers(func: &Func, count: usize) -> Error {
    let (name, ty) = (text::name(func.name()), func.ty());
    let message = format!(
        "{name} is of the type {ty}, and not of {count} numbers and at most one result; call it by lb_func_call()"
    );
    Error::new(ErrorKind::Type, message)
}

/// Makes a function of the program's in a store, to be put into a table, passed as a reference or
/// imported by a module. drop (or NULL) is called with data once nobody needs the function any more; it
/// is called in any case, at once if this function fails. The caller releases the handle.
///
/// If it was put into a table or a global, passed to a guest or imported, it stays as long as the
/// store (about 0.5 KB), since a guest may have kept it. Else its room is used again.
///
/// Errors: LB_KIND_TYPE if the type holds an unknown number, LB_KIND_LIMIT if it has more than 1000
/// parameters or results, or if there are a million things that hosts made in the store (functions,
/// tags, globals, tables, memories), LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_func_new(
    store: lb_store_t,
    r#type: *const lb_func_type_t,
    func: Out<lb_func_t>,
    callback: lb_callback_t,
    data: *mut c_void,
    drop: lb_drop_t,
) -> *mut lb_error_t {
    let owned = Owned { data, drop };
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_new(func, || {
            let ty = r#type.as_ref().ok_or_else(|| null("type"))?;
            let callback = Callback::new(callback, owned)?;
            Func::new(&*store.get()?, &ty.read()?, callback)
        })
    }
}

/// The signature. Its arrays live as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the function was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_func_type(func: lb_func_t, r#type: Out<lb_func_type_t>) -> *mut lb_error_t {
    guard_out(r#type, lb_func_type_t::NONE, || {
        Ok(lb_func_type_t::lend(func.get()?.ty()))
    })
}

/// Writes the name the function was exported by, or a word for what it is, to a buffer of size
/// bytes, cut short and ended by a zero byte as snprintf does. length (or NULL) receives the whole
/// length without the zero byte.
///
/// Errors: LB_KIND_CLOSED if the function was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_func_name(
    func: lb_func_t,
    name: *mut c_char,
    size: usize,
    length: Out<usize>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        give_text(func.get()?.name(), name, size, length);
        Ok(())
    })
}

/// Whether two handles are of one function of one store. False if either is no handle of a
/// function.
#[unsafe(no_mangle)]
pub extern "C" fn lb_func_same(func: lb_func_t, other: lb_func_t) -> bool {
    guard_same(|| Ok(func.get()?.same(&*other.get()?)))
}

/// A second handle of the same function, for instance of one that a host function borrowed and
/// wants to keep. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the function was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_func_clone(func: lb_func_t, clone: Out<lb_func_t>) -> *mut lb_error_t {
    guard_new(clone, || Ok((*func.get()?).clone()))
}

/// Releases the handle. Allowed while the function runs.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_func_release(func: lb_func_t) -> *mut lb_error_t {
    guard_release(func)
}
