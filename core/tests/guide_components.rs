//! The programs of the guide's page of components, and of Rust's; each block there is cut from here.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use landbridge::*;

/// The programs name their guests as files that lie beside them.
fn beside_the_guests() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/guide");
    std::env::set_current_dir(folder).expect("the folder of the guests");
}

/// What the host lends to `paint.wat`.
fn lent() -> Imports {
    beside_the_guests();
    let mut imports = Imports::new();
    imports.wit_typed("prices", "price", price);
    imports.wit_func("journals", "[method]journal.write", |_, args| {
        let journal = args[0].object::<Journal>().expect("a journal");
        journal
            .0
            .lock()
            .unwrap()
            .extend(args[1].as_str().map(str::to_owned));
        Ok(None)
    });
    imports
}

fn paint() -> Result<Instance> {
    let imports = lent();
    Module::from_file("paint.wat")?.instantiate(&imports)
}

fn price(colour: String) -> Result<u32, String> {
    match &*colour {
        "red" => Ok(1200),
        _ => Err(format!("there is no {colour}")),
    }
}

// [journal]
struct Journal(Mutex<Vec<String>>); // any object that is Send and Sync
// [end journal]

#[test]
fn load() -> Result<()> {
    beside_the_guests();
    // [load]
    use landbridge::{Imports, Module};

    let module = Module::from_file("greet.wat")?; // .wasm or .wat, as a core module is loaded
    let greet = module.instantiate(&Imports::new())?;
    let text = greet.wit_call("hello", &["Ada".into()])?;
    assert_eq!(text, Some("Hello, Ada!".into()));
    // [end load]
    // [typed-hello]
    let hello = greet.typed_wit_func::<(&str,), String>("hello")?; // looked up and checked once
    assert_eq!(hello.call(("Ada",))?, "Hello, Ada!");
    // [end typed-hello]
    Ok(())
}

#[test]
fn world() -> Result<()> {
    beside_the_guests();
    let mut told = Vec::new();
    // [world]
    let module = Module::from_file("paint.wat")?;
    let world = module.world().expect("a component has one");
    for interface in world.imported() {
        for func in &interface.funcs {
            told.push(format!(
                "needs {}#{}: {}",
                interface.name, func.name, func.ty
            ));
        }
    }
    for name in world.func_names() {
        told.push(format!("has {name}: {}", world.find(&name)?.ty));
    }
    assert_eq!(
        told[0],
        "needs demo:paint/prices@1.2.0#price: func(colour: string) -> result<u32, string>"
    );
    assert_eq!(told[2], "has shapes#area: func(of: shape) -> f64");
    // [end world]
    assert_eq!(world.name.as_deref(), Some("demo:paint/painter@1.2.0"));
    Ok(())
}

#[test]
fn values() -> Result<()> {
    let paint = paint()?;
    // [values]
    let cost = paint.wit_func("shapes#cost")?; // looked up once
    assert_eq!(
        cost.ty().to_string(),
        "func(order: order) -> result<u32, string>"
    );

    // `note` is an option: it may be left out.
    let order = WitValue::record([("colour", "red".into()), ("coats", vec![2u8, 1].into())]);
    let given = cost
        .call(&[order])?
        .expect("a function with a result gives one");
    assert_eq!(given.case(), Some("ok"));
    assert_eq!(given.held().and_then(WitValue::as_u64), Some(3600));

    let circle = WitValue::variant("circle", Some(2.0.into()));
    let area = paint.wit_call("shapes#area", &[circle])?.expect("an f64");
    let area = f64::try_from(area)?; // or an error that says what it is instead
    // [end values]
    assert!(area > 12.5 && area < 12.6);
    Ok(())
}

#[test]
fn wrong() -> Result<()> {
    let paint = paint()?;
    let cost = paint.wit_func("shapes#cost")?;
    // [wrong]
    let order = WitValue::record([
        ("colour", "red".into()),
        ("coats", WitValue::list([2, 300])),
    ]);
    let error = cost.call(&[order]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Range);
    assert_eq!(error.message(), "args[0].coats[1]: 300 does not fit in u8");
    // [end wrong]
    let message = |order: WitValue| cost.call(&[order]).unwrap_err().message().to_owned();
    assert_eq!(
        message(WitValue::record([("colour", "red".into())])),
        "args[0]: field \"coats\" of order is missing"
    );
    assert_eq!(
        message(WitValue::record([
            ("color", "red".into()),
            ("coats", vec![2u8].into())
        ])),
        "args[0]: order has no field \"color\"; did you mean \"colour\"?"
    );
    let error = cost.call(&["red".into()]).unwrap_err();
    assert_eq!(error.message(), "args[0]: expected order, got string");
    let error = cost.call(&[]).unwrap_err();
    assert_eq!(
        error.message(),
        "shapes#cost takes 1 argument, got 0: it is func(order: order) -> result<u32, string>"
    );
    let error = paint.wit_call(
        "shapes#area",
        &[WitValue::variant("cirle", Some(1.0.into()))],
    );
    assert_eq!(
        error.unwrap_err().message(),
        "args[0]: shape has no case \"cirle\"; did you mean \"circle\"?"
    );
    Ok(())
}

#[test]
fn text() -> Result<()> {
    let paint = paint()?;
    let cost = paint.wit_func("shapes#cost")?;
    // [wave]
    let args = cost
        .ty()
        .parse_args(&[r#"{colour: "blue", coats: [2, 1]}"#])?;
    let given = cost.call(&args)?.expect("a result");
    assert_eq!(given.to_string(), r#"err("there is no blue")"#); // a value: the call went well
    // [end wave]
    Ok(())
}

// [derive]
use landbridge::Wit;

#[derive(Wit)]
struct Order {
    colour: String,
    coats: Vec<u8>,
    note: Option<String>,
}

#[derive(Wit)]
enum Shape {
    Circle(f64),
    Rectangle((f64, f64)),
    Nothing,
}
// [end derive]

#[test]
fn typed() -> Result<()> {
    let paint = paint()?;
    // [typed]
    let cost = paint.typed_wit_func::<(Order,), Result<u32, String>>("shapes#cost")?;
    let order = Order {
        colour: "red".to_owned(),
        coats: vec![2, 1],
        note: None,
    };
    match cost.call((order,))? {
        Ok(cents) => assert_eq!(cents, 3600),
        Err(why) => println!("no paint: {why}"),
    }

    let area = paint.typed_wit_func::<(Shape,), f64>("shapes#area")?;
    assert_eq!(area.call((Shape::Rectangle((2.0, 3.0)),))?, 6.0);
    // [end typed]
    assert!(area.call((Shape::Circle(1.0),))? > 3.1);
    assert_eq!(area.call((Shape::Nothing,))?, 0.0);
    // [typed-wrong]
    let error = paint
        .typed_wit_func::<(Order,), u32>("shapes#cost")
        .unwrap_err();
    assert_eq!(
        error.message(),
        "shapes#cost: result: the function gives result<u32, string>, not u32"
    );
    // [end typed-wrong]
    Ok(())
}

#[test]
fn lend() -> Result<()> {
    beside_the_guests();
    // [lend]
    let mut imports = Imports::new();
    imports.wit_func("demo:paint/prices@1.2.0", "price", |_, args| {
        let price: Result<u32, &str> = match args[0].as_str() {
            Some("red") => Ok(1200),
            _ => Err("sold out"),
        };
        Ok(Some(price.into())) // a `result` of WIT
    });
    // The same with types of Rust. Interfaces have short names here, too.
    imports.wit_typed("prices", "price", |colour: String| -> Result<u32, String> {
        match &*colour {
            "red" => Ok(1200),
            _ => Err(format!("there is no {colour}")),
        }
    });
    // [end lend]
    // [missing]
    let error = Module::from_file("paint.wat")?
        .instantiate(&imports)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Link);
    // [end missing]
    assert!(
        error.message().contains("[method]journal.write: func("),
        "{error}"
    );
    Ok(())
}

#[test]
fn failures() -> Result<()> {
    let mut imports = lent();
    // [failures]
    imports.wit_typed(
        "prices",
        "price",
        |colour: String| -> landbridge::Result<Result<u32, String>> {
            let refused = |text: &str| Error::new(ErrorKind::Host, text);
            match &*colour {
                "red" => Ok(Ok(1200)),                    // the guest gets ok(1200)
                "blue" => Ok(Err("sold out".to_owned())), // the guest gets err("sold out")
                "gold" => Err(refused("costly").with_payload(WitValue::from("no gold"))), // the guest gets err("no gold")
                _ => Err(refused("the price list is lost")), // ends the component
            }
        },
    );
    let paint = Module::from_file("paint.wat")?.instantiate(&imports)?;
    let cost = paint.wit_func("shapes#cost")?;
    let order =
        |colour: &str| WitValue::record([("colour", colour.into()), ("coats", vec![1u8].into())]);
    assert_eq!(
        cost.call(&[order("gold")])?,
        Some(WitValue::err(Some("no gold".into())))
    );

    let error = cost.call(&[order("green")]).unwrap_err(); // the very error
    assert_eq!(error.message(), "the price list is lost");
    let error = cost.call(&[order("red")]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Poisoned); // instantiate the component again
    // [end failures]
    assert!(
        error.message().contains("the price list is lost"),
        "{error}"
    );
    Ok(())
}

#[test]
fn resources_of_guests() -> Result<()> {
    let paint = paint()?;
    // [guest-resource]
    let made = paint
        .wit_call("shapes#canvas", &[80u32.into()])?
        .expect("the constructor gives one");
    let canvas = GuestResource::try_from(made)?;
    let circle = WitValue::variant("circle", Some(1.0.into()));
    paint.wit_call("shapes#canvas.draw", &[canvas.clone().into(), circle])?; // a method takes it first
    canvas.close()?; // the guest's destructor runs now

    let error = paint
        .wit_call("shapes#canvas.painted", &[canvas.into()])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed); // nothing was called
    assert_eq!(
        paint.wit_call("shapes#canvas.count", &[])?,
        Some(0u32.into())
    );
    // [end guest-resource]
    Ok(())
}

#[test]
fn typed_resources_of_guests() -> Result<()> {
    let paint = paint()?;
    // [typed-guest-resource]
    let new = paint.typed_wit_func::<(u32,), GuestResource>("shapes#canvas")?;
    let draw = paint.typed_wit_func::<(&GuestResource, Shape), ()>("shapes#canvas.draw")?;
    let canvas = new.call((80,))?;
    draw.call((&canvas, Shape::Circle(1.0)))?; // a method takes it first
    canvas.close()?;
    let error = draw.call((&canvas, Shape::Nothing)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
    // [end typed-guest-resource]
    Ok(())
}

#[test]
fn typed_resources_of_the_host() -> Result<()> {
    beside_the_guests();
    let mut imports = lent();
    // [typed-host-resource]
    imports.wit_typed(
        "journals",
        "journal.write",
        |this: HostObject<Journal>, line: String| this.0.lock().unwrap().push(line),
    );
    let paint = Module::from_file("paint.wat")?.instantiate(&imports)?;
    let new = paint.typed_wit_func::<(u32,), GuestResource>("shapes#canvas")?;
    let sign =
        paint.typed_wit_func::<(&GuestResource, &HostObject<Journal>), ()>("shapes#canvas.sign")?;
    let journal = HostObject::new(Journal(Mutex::default()));
    sign.call((&new.call((80,))?, &journal))?; // the guest calls write
    assert_eq!(*journal.0.lock().unwrap(), ["signed"]);
    // [end typed-host-resource]
    Ok(())
}

#[test]
fn resources_of_the_host() -> Result<()> {
    beside_the_guests();
    let mut imports = lent();
    // [host-resource]
    imports.wit_func("journals", "journal.write", |_, args| {
        let (Some(journal), Some(line)) = (args[0].object::<Journal>(), args[1].as_str()) else {
            return Err(Error::new(
                ErrorKind::Type,
                "write takes a journal and a line",
            ));
        };
        journal.0.lock().unwrap().push(line.to_owned());
        Ok(None)
    });
    let paint = Module::from_file("paint.wat")?.instantiate(&imports)?;
    let canvas = paint
        .wit_call("shapes#canvas", &[80u32.into()])?
        .expect("a canvas");

    let journal = Arc::new(Journal(Mutex::default()));
    let lent = HostResource::shared(journal.clone());
    paint.wit_call("shapes#canvas.sign", &[canvas, lent.into()])?; // the guest calls write
    assert_eq!(*journal.0.lock().unwrap(), ["signed"]);
    // [end host-resource]
    Ok(())
}

#[test]
fn composition() -> Result<()> {
    let mut imports = lent();
    // [composition]
    let store = Store::new(&Engine::shared()?)?; // both live in it
    let dealer = store.instantiate(&Module::from_file("dealer.wat")?, &Imports::new())?;
    imports.instance("demo:paint/prices", &dealer)?; // the interface that it exports
    let paint = store.instantiate(&Module::from_file("paint.wat")?, &imports)?;
    let order = WitValue::record([("colour", "blue".into()), ("coats", vec![2u8].into())]);
    let cost = paint.wit_call("shapes#cost", &[order])?;
    assert_eq!(cost, Some(WitValue::ok(Some(1000u32.into())))); // the dealer's price
    // [end composition]
    Ok(())
}

#[test]
fn limits() -> Result<()> {
    beside_the_guests();
    let module = Module::from_file("greet.wat")?;
    // [limits]
    let sandbox = Sandbox::from(Limits {
        timeout: Some(Duration::from_millis(500)),
        memory_bytes: Some(16 << 20),
        transfer_bytes: Some(1 << 20), // of all that one call takes or gives
        handles: Some(100),            // to resources, at a time
        ..Limits::default()
    });
    let greet = module.instantiate_with(&Imports::new(), &sandbox)?;
    let long = "a".repeat(2 << 20);
    let error = greet.wit_call("hello", &[long.into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    // [end limits]
    Ok(())
}

#[test]
fn names_that_are_not_there() -> Result<()> {
    let paint = paint()?;
    let kind_and_text = |error: Error| (error.kind(), error.message().to_owned());
    let (kind, text) = kind_and_text(paint.wit_call("area", &[]).unwrap_err());
    assert_eq!(kind, ErrorKind::NotFound);
    assert!(text.ends_with("did you mean \"shapes#area\"?"), "{text}");
    // Asked as a function of numbers is.
    for error in [
        paint.call("shapes#area", &[]).unwrap_err(),
        paint.func("shapes#area").unwrap_err(),
    ] {
        let (kind, text) = kind_and_text(error);
        assert_eq!(kind, ErrorKind::Unsupported);
        assert_eq!(
            text,
            "\"shapes#area\" is a function of a component, with types of WIT: func(of: shape) -> f64; get it with \
             wit_func (witFunc in Java, lb_instance_wit_func in C)"
        );
    }
    let (kind, text) = kind_and_text(paint.func("shapes#aera").unwrap_err());
    assert_eq!(kind, ErrorKind::NotFound);
    assert!(text.ends_with("did you mean \"area\"?"), "{text}");
    // The other way round.
    let numbers = Module::from_file("calc.wat")?.instantiate(&Imports::new())?;
    let (kind, text) = kind_and_text(numbers.wit_call("add", &[]).unwrap_err());
    assert_eq!(kind, ErrorKind::Unsupported);
    assert!(text.contains("its functions take numbers"), "{text}");
    Ok(())
}

#[test]
fn pools_and_asynchronous_calls() -> Result<()> {
    beside_the_guests();
    let module = Module::from_file("greet.wat")?;
    // [pool]
    let pool = Pool::new(
        &module,
        &Imports::new(),
        &Sandbox::default(),
        PoolOptions::default(),
    )?;
    let text = pool.wit_call("hello", &["Ada".into()])?; // from any thread
    // [end pool]
    assert_eq!(text, Some("Hello, Ada!".into()));
    let greet = module.instantiate(&Imports::new())?;
    // [async]
    let hello = greet.wit_func("hello")?;
    let call = hello.call_async(&["Ada".into()])?; // on one of the engine's threads; a future
    let text = call.wait()?;
    // [end async]
    assert_eq!(text, Some("Hello, Ada!".into()));
    Ok(())
}

#[test]
fn frames() -> Result<()> {
    beside_the_guests();
    let greet = Module::from_file("greet.wat")?.instantiate(&Imports::new())?;
    // [frames]
    let hello = greet.wit_func("hello")?;
    let mut args = WitWriter::new(); // the values in the order of the types
    args.text("Ada");
    let mut results = WitFrame::default();
    hello.call_frame(&args.lend()?, &mut results)?;
    let mut reader = results.reader();
    assert_eq!(reader.text()?, "Hello, Ada!");
    reader.end()?; // nothing is left
    // [end frames]
    Ok(())
}
