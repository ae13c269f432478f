//! The component by the library.

use std::sync::{Arc, Mutex};

use landbridge::{
    HostContext, Imports, Interface, Module, Result, Store, TypeDef, TypeKind, WitArgs, WitFrame,
    WitFunc, WitFuncType, WitHost, WitType, WitValue, WorldItem,
};
use landbridge_worlds::{Place, Type, Value, World};

use crate::{plain, wit};

/// A component in a store of its own.
pub(crate) struct Lane {
    func: WitFunc,
    host: Arc<Mutex<Host>>,
}

/// What the host's function got, and what it gives.
#[derive(Default)]
struct Host {
    seen: Vec<WitValue>,
    gives: Option<WitValue>,
}

impl Lane {
    pub(crate) fn new(module: &Module, world: &World) -> Result<Lane> {
        let host = Arc::new(Mutex::new(Host::default()));
        let seen = Arc::clone(&host);
        let echo = move |_: &HostContext<'_>, args: &[WitValue]| {
            let mut host = seen.lock().expect("a host");
            host.seen = args.to_vec();
            Ok(host.gives.clone())
        };
        let mut imports = Imports::new();
        if world.through_host {
            imports.wit_func(&world.host().unwrap_or_default(), world.host_echo(), echo);
        }
        Lane::with(module, world, &imports, host)
    }

    /// One whose host gives frames.
    pub(crate) fn hosted(module: &Module, world: &World, echo: Arc<dyn WitHost>) -> Result<Lane> {
        let mut imports = Imports::new();
        imports.wit(&world.host().unwrap_or_default(), world.host_echo(), echo);
        Lane::with(module, world, &imports, Arc::default())
    }

    fn with(
        module: &Module,
        world: &World,
        imports: &Imports,
        host: Arc<Mutex<Host>>,
    ) -> Result<Lane> {
        let store = Store::new(module.engine())?;
        let instance = store.instantiate(module, imports)?;
        let name = match world.api() {
            Some(api) => format!("{api}#echo"),
            None => "echo".to_owned(),
        };
        let func = instance.wit_func(&name)?;
        Ok(Lane { func, host })
    }

    /// What the host saw, and what the call gave.
    pub(crate) fn call(
        &mut self,
        args: &[Value],
        gives: Option<&Value>,
    ) -> Result<(Vec<Value>, Option<Value>)> {
        *self.host.lock().expect("a host") = Host {
            seen: Vec::new(),
            gives: gives.map(wit::wit),
        };
        let args: Vec<_> = args.iter().map(wit::wit).collect();
        let result = self.func.call(&args)?;
        let host = self.host.lock().expect("a host");
        Ok((
            host.seen.iter().map(plain::value).collect(),
            result.as_ref().map(plain::value),
        ))
    }

    pub(crate) fn call_frame(&self, args: &WitArgs<'_>) -> Result<WitFrame> {
        let mut results = WitFrame::default();
        self.func.call_frame(args, &mut results)?;
        Ok(results)
    }

    /// As text and back, each is the same but for the bits of a NaN.
    pub(crate) fn check_text(&self, args: &[Value]) {
        for (param, arg) in self.func.ty().params.iter().zip(args) {
            let text = wit::wit(arg).to_text();
            let read = WitValue::parse(&param.ty, &text).unwrap_or_else(|e| panic!("{e}\n{text}"));
            assert_eq!(plain::value(&read), plain::one_nan(arg), "{text}");
            assert_eq!(read.to_text(), text);
        }
    }

    /// Its parameters, and its result, with all names.
    pub(crate) fn types(&self) -> (Vec<(String, Type)>, Option<Type>) {
        signature(self.func.ty())
    }
}

/// All that a component tells of itself, without an instance.
pub(crate) fn check_world(module: &Module, made: &World) {
    let world = module.world().expect("a world");
    let api = made.api();
    let expected: Vec<_> = made
        .named_types()
        .into_iter()
        .map(|(name, ty)| (name.to_owned(), ty.clone()))
        .collect();
    let exported: Vec<_> = world.exported().collect();
    let imported: Vec<_> = world.imported().collect();
    match (&api, made.host()) {
        (Some(api), Some(host)) => {
            check_interface(
                exported[..].try_into().expect("one interface"),
                api,
                "echo",
                &expected,
                made,
            );
            match made.through_host {
                true => check_interface(
                    imported[..].try_into().expect("one interface"),
                    &host,
                    "echo",
                    &expected,
                    made,
                ),
                false => assert!(world.imports.is_empty(), "{world:?}"),
            }
        }
        _ => {
            assert!(exported.is_empty() && imported.is_empty(), "{world:?}");
            let types = world.imports.iter().filter_map(|it| match it {
                WorldItem::Type(it) => Some(named(it)),
                _ => None,
            });
            assert_eq!(types.collect::<Vec<_>>(), expected);
            let funcs = |items: &[WorldItem]| -> Vec<String> {
                let funcs = items.iter().filter_map(|it| match it {
                    WorldItem::Func(it) => Some(it),
                    _ => None,
                });
                funcs
                    .inspect(|it| check_func(&it.ty, made))
                    .map(|it| it.name.to_string())
                    .collect()
            };
            assert_eq!(funcs(&world.exports), ["echo"]);
            assert_eq!(
                funcs(&world.imports),
                vec!["host-echo"; made.through_host.into()]
            );
        }
    }
    check_names(world, made);
}

fn check_interface(
    [interface]: [&Interface; 1],
    name: &str,
    func: &str,
    types: &[(String, Type)],
    made: &World,
) {
    assert_eq!(*interface.name, *name);
    assert_eq!(interface.types.iter().map(named).collect::<Vec<_>>(), types);
    assert_eq!(
        interface
            .funcs
            .iter()
            .map(|it| &*it.name)
            .collect::<Vec<_>>(),
        [func]
    );
    check_func(&interface.funcs[0].ty, made);
}

fn named(def: &TypeDef) -> (String, Type) {
    match &def.kind {
        TypeKind::Value(ty) => (def.name.to_string(), from(ty)),
        other => panic!("no world has resources: {other:?}"),
    }
}

fn check_func(ty: &WitFuncType, made: &World) {
    assert_eq!(signature(ty), (made.params.clone(), made.result()));
}

fn signature(ty: &WitFuncType) -> (Vec<(String, Type)>, Option<Type>) {
    let params = ty
        .params
        .iter()
        .map(|it| (it.name.to_string(), from(&it.ty)));
    (params.collect(), ty.result.as_ref().map(from))
}

/// The function is found by every name that it has.
fn check_names(world: &landbridge::World, made: &World) {
    let names = match &made.place {
        Place::World => vec!["echo".to_owned()],
        Place::Interface { package, version } => {
            let mut names = vec!["api#echo".to_owned(), format!("{package}/api#echo")];
            names.extend(
                version
                    .as_ref()
                    .map(|it| format!("{package}/api@{it}#echo")),
            );
            names
        }
    };
    for name in names {
        let found = world.find(&name).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(
            (found.interface.as_deref(), &*found.name),
            (made.api().as_deref(), "echo"),
            "{name}"
        );
        check_func(&found.ty, made);
    }
}

fn from(ty: &WitType) -> Type {
    let boxed = |ty: &Option<WitType>| ty.as_ref().map(|ty| Box::new(from(ty)));
    let name = |label: &landbridge::Label| label.name.as_deref().expect("a name").to_owned();
    let names = |names: &[Arc<str>]| names.iter().map(ToString::to_string).collect();
    match ty {
        WitType::Bool => Type::Bool,
        WitType::S8 => Type::S8,
        WitType::U8 => Type::U8,
        WitType::S16 => Type::S16,
        WitType::U16 => Type::U16,
        WitType::S32 => Type::S32,
        WitType::U32 => Type::U32,
        WitType::S64 => Type::S64,
        WitType::U64 => Type::U64,
        WitType::F32 => Type::F32,
        WitType::F64 => Type::F64,
        WitType::Char => Type::Char,
        WitType::String => Type::String,
        WitType::List(of) => Type::List(Box::new(from(of))),
        WitType::Option(of) => Type::Option(Box::new(from(of))),
        WitType::Tuple(of) => Type::Tuple(of.iter().map(from).collect()),
        WitType::Result(of) => Type::Result(boxed(&of.ok), boxed(&of.err)),
        WitType::Record(of) => {
            let fields = of
                .fields
                .iter()
                .map(|it| (it.name.to_string(), from(&it.ty)));
            Type::Record(name(&of.label), fields.collect())
        }
        WitType::Variant(of) => {
            let cases = of
                .cases
                .iter()
                .map(|it| (it.name.to_string(), it.ty.as_ref().map(from)));
            Type::Variant(name(&of.label), cases.collect())
        }
        WitType::Enum(of) => Type::Enum(name(&of.label), names(&of.names)),
        WitType::Flags(of) => Type::Flags(name(&of.label), names(&of.names)),
        other => panic!("nothing of a world is of {other}"),
    }
}
