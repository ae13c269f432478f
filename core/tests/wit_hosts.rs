//! What bindings call components with: descriptions, frames with objects beside them, words of wrong values.

#[path = "wit_typed/things.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod things;

use std::sync::Arc;

use landbridge::frame::Reader;
use landbridge::host::wit::{self, Crossed, Crossing, WrongValue, wrong_value};
use landbridge::{
    ErrorKind, HostResource, Imports, Instance, Module, Pool, PoolOptions, Result, Sandbox,
    WitContext, WitFrame, WitFuncType, WitHost, WitType,
};

use things::GUEST;

/// `get` gives the number that the object is, `[constructor]thing` makes one.
struct Things;

impl WitHost for Things {
    fn call(
        &self,
        context: &WitContext<'_>,
        ty: &WitFuncType,
        args: &mut WitFrame,
    ) -> Result<WitFrame> {
        let objects = context.take_objects(ty, args)?;
        let mut result = WitFrame::default();
        if context.name().contains("constructor") {
            let n = u32::from_le_bytes(args.reader().array()?);
            result.bytes.extend_from_slice(&0u64.to_le_bytes());
            context.give_objects(ty, &mut result, &[HostResource::new(n)])?;
        } else if context.name().contains("get") {
            let place = u64::from_le_bytes(args.reader().array()?);
            assert_eq!(place, 0);
            let n: u32 = *objects[0].get().expect("a number");
            result.bytes.extend_from_slice(&n.to_le_bytes());
        }
        Ok(result)
    }
}

fn guest() -> Instance {
    let mut imports = Imports::new();
    for name in ["[constructor]thing", "[method]thing.get", "eat", "keep"] {
        imports.wit("things", name, Arc::new(Things));
    }
    Module::new(GUEST).unwrap().instantiate(&imports).unwrap()
}

fn call(
    it: &Instance,
    name: &str,
    args: &[u8],
    objects: &[HostResource],
) -> Result<(Vec<u8>, Vec<HostResource>)> {
    let mut bytes = args.to_vec();
    let mut results = Vec::new();
    let args = Crossing {
        bytes: &mut bytes,
        blobs: &(),
        objects,
    };
    let func = it.wit_func(name)?;
    let objects = func.call_host(args, &mut results, &mut Vec::new())?;
    Ok((results, objects))
}

#[test]
fn objects_cross_by_their_places() {
    let it = guest();
    let made = call(&it, "make", &41u32.to_le_bytes(), &[]).unwrap();
    assert_eq!(made.0, 41u32.to_le_bytes());
    let object: Arc<dyn std::any::Any + Send + Sync> = Arc::new(7u32);
    let thing = HostResource::shared(object.clone());
    let place = 0u64.to_le_bytes();
    let (got, _) = call(&it, "forward", &place, std::slice::from_ref(&thing)).unwrap();
    assert_eq!(got, 7u32.to_le_bytes());
    // Lent: no one has it any more.
    drop(thing);
    assert_eq!(Arc::strong_count(&object), 1);
    // Given, and given back: the very object, and the guest has it no more.
    let thing = HostResource::shared(object.clone());
    call(&it, "hold", &place, std::slice::from_ref(&thing)).unwrap();
    drop(thing);
    assert_eq!(Arc::strong_count(&object), 2);
    let (back, objects) = call(&it, "return", &[], &[]).unwrap();
    assert_eq!(back, place);
    assert!(Arc::ptr_eq(objects[0].object(), &object));
    drop(objects);
    assert_eq!(Arc::strong_count(&object), 1);
}

#[test]
fn frames_cross_to_other_threads_and_to_pools() {
    let it = guest();
    let object: Arc<dyn std::any::Any + Send + Sync> = Arc::new(9u32);
    let args = || Crossed {
        frame: WitFrame {
            bytes: vec![0; 8],
            ..WitFrame::default()
        },
        objects: vec![HostResource::shared(object.clone())],
    };
    let call = it.wit_func("forward").unwrap().prepare_crossed(args());
    let given = call.start().unwrap().wait().unwrap();
    assert_eq!(given.frame.bytes, 9u32.to_le_bytes());
    let mut imports = Imports::new();
    for name in ["[constructor]thing", "[method]thing.get", "eat", "keep"] {
        imports.wit("things", name, Arc::new(Things));
    }
    let module = Module::new(GUEST).unwrap();
    let pool = Pool::new(
        &module,
        &imports,
        &Sandbox::default(),
        PoolOptions::default(),
    )
    .unwrap();
    let given = pool.prepare_crossed("forward", args()).start().unwrap();
    assert_eq!(given.wait().unwrap().frame.bytes, 9u32.to_le_bytes());
    let error = pool.call_crossed("forwards", args()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    drop(given);
    assert_eq!(Arc::strong_count(&object), 1);
}

#[test]
fn a_frame_may_not_name_an_object_that_is_not_there() {
    let it = guest();
    let error = call(
        &it,
        "forward",
        &1u64.to_le_bytes(),
        &[HostResource::new(1u32)],
    )
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    assert_eq!(
        error.message(),
        "args[0]: the frame is malformed: there is no such object beside it"
    );
    // An object cannot stand for what is a guest's.
    let error = call(&it, "[method]mine.rep", &[0; 8], &[HostResource::new(1u32)]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    assert!(
        error
            .message()
            .starts_with("args[0]: the resource is of a component"),
        "{error}"
    );
    let error = call(&it, "forward", &[0; 7], &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    // The component goes on.
    call(&it, "make", &3u32.to_le_bytes(), &[]).unwrap();
}

#[test]
fn handles_are_closed_by_their_numbers() {
    let it = guest();
    let (made, _) = call(&it, "[constructor]mine", &5u32.to_le_bytes(), &[]).unwrap();
    let handle = u64::from_le_bytes(made.as_slice().try_into().unwrap());
    assert_ne!(handle >> 32, 0);
    let store = it.store();
    assert!(store.has_resource(handle).unwrap());
    store.close_resource(handle).unwrap();
    store.close_resource(handle).unwrap();
    assert!(!store.has_resource(handle).unwrap());
    let (made, _) = call(&it, "[constructor]mine", &6u32.to_le_bytes(), &[]).unwrap();
    store.drop_resource(u64::from_le_bytes(made.as_slice().try_into().unwrap()));
    let (dropped, _) = call(&it, "dropped", &[], &[]).unwrap();
    assert_eq!(dropped, 11u32.to_le_bytes());
}

#[test]
fn a_description_tells_each_type_once_and_its_parts_first() {
    let module = Module::new(include_str!("guide/paint.wat")).unwrap();
    let told = module.description().unwrap();
    let mut seen: Vec<&WitType> = Vec::new();
    for ty in &told.types {
        let parts: Vec<&WitType> = match ty {
            WitType::List(of) | WitType::Option(of) => vec![of],
            WitType::Record(of) => of.fields.iter().map(|it| &it.ty).collect(),
            WitType::Tuple(of) => of.iter().collect(),
            WitType::Variant(of) => of.cases.iter().filter_map(|it| it.ty.as_ref()).collect(),
            WitType::Result(of) => of.ok.iter().chain(&of.err).collect(),
            _ => Vec::new(),
        };
        assert!(parts.iter().all(|part| seen.contains(part)), "{ty}");
        assert!(!seen.contains(&ty), "{ty}");
        seen.push(ty);
    }
    let mut frame = Reader::new(&told.frame).unwrap();
    assert_eq!(frame.length().unwrap(), told.types.len());
    let texts: Vec<String> = told.types.iter().map(ToString::to_string).collect();
    for text in ["shape", "string", "result<u32, string>"] {
        assert!(texts.iter().any(|it| it == text), "{text} of {texts:?}");
        let told = &told.frame;
        assert!(told.windows(text.len()).any(|it| it == text.as_bytes()));
    }
    let core = Module::new("(module)").unwrap().description().map(|_| ());
    assert_eq!(core.unwrap_err().kind(), ErrorKind::Unsupported);
}

#[test]
fn values_are_read_and_told_as_text() {
    let module = Module::new(include_str!("guide/paint.wat")).unwrap();
    let types = &module.description().unwrap().types;
    let shape = types.iter().find(|it| it.to_string() == "shape").unwrap();
    let mut frame = wit::parse(shape, "circle(2.5)").unwrap();
    assert_eq!(wit::format(shape, &mut frame).unwrap(), "circle(2.5)");
    let error = wit::parse(shape, "circle").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    let error = wit::format(shape, &mut WitFrame::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
}

#[test]
fn what_is_wrong_is_said_in_one_place() {
    let said = |wrong| wrong_value("args[0].tags[1]", wrong).message().to_owned();
    let other = WrongValue::Other {
        expected: "string",
        given: "int",
    };
    assert_eq!(said(other), "args[0].tags[1]: expected string, got int");
    let unfit = WrongValue::Unfit {
        given: "300",
        ty: "u8",
    };
    assert_eq!(said(unfit), "args[0].tags[1]: 300 does not fit in u8");
    assert_eq!(wrong_value("result", unfit).kind(), ErrorKind::Range);
    let unknown = WrongValue::Unknown {
        what: "field",
        name: "agee",
        ty: "person",
        known: &["name", "age"],
    };
    assert_eq!(
        said(unknown),
        "args[0].tags[1]: person has no field \"agee\"; did you mean \"age\"?"
    );
    assert_eq!(
        wrong_value("result", WrongValue::TooDeep).kind(),
        ErrorKind::Limit
    );
}

#[test]
fn what_is_wrong_has_a_number() {
    let said = |sort| {
        let wrong = WrongValue::numbered(sort, ["first", "second", "third"], &["known"]);
        wrong_value("args[0]", wrong).message().to_owned()
    };
    let all = [
        "expected first, got second",
        "first does not fit in second",
        "first \"second\" of third is missing",
        "third has no first \"second\"; there is known",
        "first \"second\" is given twice",
    ];
    for (sort, text) in (0..).zip(all) {
        assert_eq!(said(sort), format!("args[0]: {text}"));
    }
    let kinds = [5, 6, 7].map(|sort| {
        let wrong = WrongValue::numbered(sort, [""; 3], &[]);
        wrong_value("args[0]", wrong).kind()
    });
    let expected = [ErrorKind::Type, ErrorKind::Limit, ErrorKind::WrongStore];
    assert_eq!(kinds, expected);
}
