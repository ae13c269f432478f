//! Closures that components import.

use std::sync::{Arc, Mutex};

use landbridge::{Error, ErrorKind, HostContext, Imports, Instance, WitClosure};
use landbridge_worlds::Type as T;

use crate::echo::instance;

fn result() -> T {
    T::Result(Some(Box::new(T::U32)), Some(Box::new(T::String)))
}

fn lent<A>(params: &[T], closure: impl WitClosure<A>) -> landbridge::Result<Instance> {
    let mut imports = Imports::new();
    imports.wit_typed("t:t/host", "echo", closure);
    instance(params, true, &imports)
}

#[test]
fn closures_may_take_the_context() {
    let names = Arc::new(Mutex::new(Vec::new()));
    let seen = names.clone();
    let echo = lent(
        &[T::U8, T::String],
        move |context: &HostContext<'_>, a: u8, b: String| {
            seen.lock().unwrap().push(context.name().to_owned());
            (a + 1, b + "!")
        },
    );
    let echo = echo
        .unwrap()
        .typed_wit_func::<(u8, &str), (u8, String)>("t:t/api#echo");
    assert_eq!(echo.unwrap().call((1, "a")).unwrap(), (2, "a!".to_owned()));
    assert_eq!(*names.lock().unwrap(), ["t:t/host#echo"]);
}

#[test]
fn closures_take_and_give_nothing() {
    let count = Arc::new(Mutex::new(0));
    let counted = count.clone();
    let echo = lent(&[], move || *counted.lock().unwrap() += 1).unwrap();
    let echo = echo.typed_wit_func::<(), ()>("t:t/api#echo").unwrap();
    (0..3).for_each(|_| echo.call(()).unwrap());
    assert_eq!(*count.lock().unwrap(), 3);
}

/// The three that a closure may give to a function with a `result`.
#[test]
fn closures_give_results() {
    type R = Result<u32, String>;
    fn call(instance: landbridge::Result<Instance>, given: R) -> landbridge::Result<R> {
        let echo = instance?.typed_wit_func::<(R,), R>("t:t/api#echo")?;
        echo.call((given,))
    }
    let no = || Err("no".to_owned());
    // A result of WIT: both are values.
    let plain = || lent(&[result()], |it: R| -> R { it.map(|it| it + 1) });
    assert_eq!(call(plain(), Ok(1)).unwrap(), Ok(2));
    assert_eq!(call(plain(), no()).unwrap(), no());
    // An error of the library comes out of the call, as it is.
    let fails = || {
        lent(&[result()], |it: R| -> landbridge::Result<R> {
            match it {
                Ok(7) => Err(Error::new(ErrorKind::Range, "seven")),
                other => Ok(other),
            }
        })
    };
    assert_eq!(call(fails(), no()).unwrap(), no());
    let error = call(fails(), Ok(7)).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Range, "seven"));
    // One with a payload is the error of the guest's result.
    let pays = lent(&[result()], |_: R| -> landbridge::Result<R> {
        let error = Error::new(ErrorKind::Range, "paid");
        Err(error.with_payload(landbridge::WitValue::from("payload")))
    });
    assert_eq!(call(pays, Ok(7)).unwrap(), Err("payload".to_owned()));
}

#[test]
fn a_closure_may_fail() {
    let echo = lent(&[T::U8], |it: u8| -> landbridge::Result<u8> {
        it.checked_add(1)
            .ok_or_else(|| Error::new(ErrorKind::Range, "too large"))
    });
    let echo = echo
        .unwrap()
        .typed_wit_func::<(u8,), u8>("t:t/api#echo")
        .unwrap();
    assert_eq!(echo.call((7,)).unwrap(), 8);
    assert_eq!(echo.call((255,)).unwrap_err().message(), "too large");
}

/// A call inside of a call has buffers of its own.
#[test]
fn closures_call_other_components() {
    let inner = crate::echo::echo(&[T::String])
        .typed::<(String,), String>()
        .unwrap();
    let echo = lent(&[T::String], move |it: String| inner.call((it,)));
    let echo = echo
        .unwrap()
        .typed_wit_func::<(&str,), String>("t:t/api#echo")
        .unwrap();
    for text in ["a", &"b".repeat(5000)] {
        assert_eq!(echo.call((text,)).unwrap(), text);
    }
}

#[test]
fn another_signature_is_refused_when_it_is_linked() {
    #[track_caller]
    fn refused<A>(params: &[T], closure: impl WitClosure<A>, why: &str) {
        let error = lent(params, closure).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Link);
        assert_eq!(error.message(), why);
    }
    let two = [T::U8, T::String];
    refused(
        &two,
        |_: u8, _: Vec<u8>| (1_u8, String::new()),
        "t:t/host#echo is func(a: u8, b: string) -> tuple<u8, string>, not func(u8, list<u8>) -> tuple<u8, string>: \
         args[1]: the guest passes string, not list<u8>",
    );
    refused(
        &two,
        |_: u8| (),
        "t:t/host#echo is func(a: u8, b: string) -> tuple<u8, string>, not func(u8): \
         the guest passes 2 arguments, not 1",
    );
    refused(
        &[result()],
        |_: Result<u32, String>| -> landbridge::Result<u32> { Ok(1) },
        "t:t/host#echo is func(a: result<u32, string>) -> result<u32, string>, not \
         func(result<u32, string>) -> u32: result: the guest expects result<u32, string>, not u32",
    );
}
