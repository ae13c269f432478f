//! The same component by the engine's own values: what ours are compared with.

use std::sync::{Arc, Mutex};

use landbridge_worlds::{Type, Value, World};
use wasmtime::component::types::Type as EngineType;
use wasmtime::component::{Component, Func, Linker, Val};
use wasmtime::{Config, Engine, Result, Store};

pub(crate) fn engine() -> Engine {
    let mut config = Config::new();
    config.cranelift_opt_level(wasmtime::OptLevel::None);
    Engine::new(&config).expect("an engine")
}

/// A component in a store of its own.
pub(crate) struct Reference {
    store: Store<()>,
    func: Func,
    host: Arc<Mutex<Host>>,
}

/// What the host's function got, and what it gives.
#[derive(Default)]
struct Host {
    seen: Vec<Val>,
    gives: Option<Val>,
}

impl Reference {
    pub(crate) fn new(engine: &Engine, world: &World, text: &str) -> Result<Reference> {
        let component = Component::new(engine, text)?;
        let host = Arc::new(Mutex::new(Host::default()));
        let linker = linker(engine, world, &host)?;
        let mut store = Store::new(engine, ());
        let instance = linker.instantiate(&mut store, &component)?;
        let api = world.api().map(|api| {
            instance
                .get_export_index(&mut store, None, &api)
                .expect("the interface")
        });
        let echo = instance
            .get_export_index(&mut store, api.as_ref(), "echo")
            .expect("the function");
        let func = instance.get_func(&mut store, echo).expect("a function");
        Ok(Reference { store, func, host })
    }

    /// What the host saw, and what the call gave.
    pub(crate) fn call(
        &mut self,
        args: &[Value],
        gives: Option<&Value>,
    ) -> Result<(Vec<Value>, Option<Value>)> {
        *self.host.lock().expect("a host") = Host {
            seen: Vec::new(),
            gives: gives.map(val),
        };
        let args: Vec<Val> = args.iter().map(val).collect();
        let mut results = vec![Val::Bool(false); self.func.ty(&self.store).results().len()];
        self.func.call(&mut self.store, &args, &mut results)?;
        let seen = self
            .host
            .lock()
            .expect("a host")
            .seen
            .iter()
            .map(value)
            .collect();
        Ok((seen, results.first().map(value)))
    }

    /// Its parameters, and its result, as the engine knows them. Names of types are not known to it.
    pub(crate) fn types(&self) -> (Vec<(String, Type)>, Option<Type>) {
        let ty = self.func.ty(&self.store);
        let params = ty.params().map(|(name, ty)| (name.to_owned(), from(&ty)));
        (params.collect(), ty.results().next().map(|ty| from(&ty)))
    }
}

fn linker(engine: &Engine, world: &World, host: &Arc<Mutex<Host>>) -> Result<Linker<()>> {
    let mut linker = Linker::new(engine);
    if world.through_host {
        let host = Arc::clone(host);
        let echo = move |_: wasmtime::StoreContextMut<'_, ()>,
                         _: ComponentItemType,
                         args: &[Val],
                         results: &mut [Val]| {
            let mut host = host.lock().expect("a host");
            host.seen = args.to_vec();
            if let (Some(result), Some(gives)) = (results.first_mut(), &host.gives) {
                *result = gives.clone();
            }
            Ok(())
        };
        match world.host() {
            Some(name) => linker.instance(&name)?.func_new(world.host_echo(), echo)?,
            None => linker.root().func_new(world.host_echo(), echo)?,
        }
    }
    Ok(linker)
}

type ComponentItemType = wasmtime::component::types::ComponentFunc;

fn from(ty: &EngineType) -> Type {
    let boxed = |ty: EngineType| Box::new(from(&ty));
    let none = String::new;
    match ty {
        EngineType::Bool => Type::Bool,
        EngineType::S8 => Type::S8,
        EngineType::U8 => Type::U8,
        EngineType::S16 => Type::S16,
        EngineType::U16 => Type::U16,
        EngineType::S32 => Type::S32,
        EngineType::U32 => Type::U32,
        EngineType::S64 => Type::S64,
        EngineType::U64 => Type::U64,
        EngineType::Float32 => Type::F32,
        EngineType::Float64 => Type::F64,
        EngineType::Char => Type::Char,
        EngineType::String => Type::String,
        EngineType::List(of) => Type::List(boxed(of.ty())),
        EngineType::Option(of) => Type::Option(boxed(of.ty())),
        EngineType::Tuple(of) => Type::Tuple(of.types().map(|it| from(&it)).collect()),
        EngineType::Result(of) => Type::Result(of.ok().map(boxed), of.err().map(boxed)),
        EngineType::Record(of) => Type::Record(
            none(),
            of.fields()
                .map(|it| (it.name.to_owned(), from(&it.ty)))
                .collect(),
        ),
        EngineType::Variant(of) => Type::Variant(
            none(),
            of.cases()
                .map(|it| (it.name.to_owned(), it.ty.map(|ty| from(&ty))))
                .collect(),
        ),
        EngineType::Enum(of) => Type::Enum(none(), of.names().map(str::to_owned).collect()),
        EngineType::Flags(of) => Type::Flags(none(), of.names().map(str::to_owned).collect()),
        other => panic!("no type of WIT 0.2: {other:?}"),
    }
}

fn val(value: &Value) -> Val {
    let boxed = |v: &Option<Box<Value>>| v.as_ref().map(|v| Box::new(val(v)));
    match value {
        Value::Bool(v) => Val::Bool(*v),
        Value::S8(v) => Val::S8(*v),
        Value::U8(v) => Val::U8(*v),
        Value::S16(v) => Val::S16(*v),
        Value::U16(v) => Val::U16(*v),
        Value::S32(v) => Val::S32(*v),
        Value::U32(v) => Val::U32(*v),
        Value::S64(v) => Val::S64(*v),
        Value::U64(v) => Val::U64(*v),
        Value::F32(v) => Val::Float32(f32::from_bits(*v)),
        Value::F64(v) => Val::Float64(f64::from_bits(*v)),
        Value::Char(v) => Val::Char(*v),
        Value::String(v) => Val::String(v.clone()),
        Value::List(v) => Val::List(v.iter().map(val).collect()),
        Value::Tuple(v) => Val::Tuple(v.iter().map(val).collect()),
        Value::Option(v) => Val::Option(boxed(v)),
        Value::Result(v) => Val::Result(match v {
            Ok(v) => Ok(boxed(v)),
            Err(v) => Err(boxed(v)),
        }),
        Value::Record(v) => Val::Record(v.iter().map(|(name, v)| (name.clone(), val(v))).collect()),
        Value::Variant(name, v) => Val::Variant(name.clone(), boxed(v)),
        Value::Enum(name) => Val::Enum(name.clone()),
        Value::Flags(names) => Val::Flags(names.clone()),
    }
}

fn value(val: &Val) -> Value {
    let boxed = |v: &Option<Box<Val>>| v.as_ref().map(|v| Box::new(value(v)));
    match val {
        Val::Bool(v) => Value::Bool(*v),
        Val::S8(v) => Value::S8(*v),
        Val::U8(v) => Value::U8(*v),
        Val::S16(v) => Value::S16(*v),
        Val::U16(v) => Value::U16(*v),
        Val::S32(v) => Value::S32(*v),
        Val::U32(v) => Value::U32(*v),
        Val::S64(v) => Value::S64(*v),
        Val::U64(v) => Value::U64(*v),
        Val::Float32(v) => Value::F32(v.to_bits()),
        Val::Float64(v) => Value::F64(v.to_bits()),
        Val::Char(v) => Value::Char(*v),
        Val::String(v) => Value::String(v.clone()),
        Val::List(v) => Value::List(v.iter().map(value).collect()),
        Val::Tuple(v) => Value::Tuple(v.iter().map(value).collect()),
        Val::Option(v) => Value::Option(boxed(v)),
        Val::Result(v) => Value::Result(match v {
            Ok(v) => Ok(boxed(v)),
            Err(v) => Err(boxed(v)),
        }),
        Val::Record(v) => {
            Value::Record(v.iter().map(|(name, v)| (name.clone(), value(v))).collect())
        }
        Val::Variant(name, v) => Value::Variant(name.clone(), boxed(v)),
        Val::Enum(name) => Value::Enum(name.clone()),
        Val::Flags(names) => Value::Flags(names.clone()),
        other => panic!("no value of WIT 0.2: {other:?}"),
    }
}

/// A type without its names: as the engine knows it.
pub(crate) fn without_names(ty: &Type) -> Type {
    let boxed = |ty: &Option<Box<Type>>| ty.as_ref().map(|ty| Box::new(without_names(ty)));
    let none = String::new;
    match ty {
        Type::List(of) => Type::List(Box::new(without_names(of))),
        Type::Option(of) => Type::Option(Box::new(without_names(of))),
        Type::Tuple(of) => Type::Tuple(of.iter().map(without_names).collect()),
        Type::Result(ok, err) => Type::Result(boxed(ok), boxed(err)),
        Type::Record(_, of) => Type::Record(
            none(),
            of.iter()
                .map(|(name, ty)| (name.clone(), without_names(ty)))
                .collect(),
        ),
        Type::Variant(_, of) => Type::Variant(
            none(),
            of.iter()
                .map(|(name, ty)| (name.clone(), ty.as_ref().map(without_names)))
                .collect(),
        ),
        Type::Enum(_, of) => Type::Enum(none(), of.clone()),
        Type::Flags(_, of) => Type::Flags(none(), of.clone()),
        scalar => scalar.clone(),
    }
}
