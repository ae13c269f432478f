//! Texts as arguments and results of a core module: an address and a length.

use landbridge::{Error, ErrorKind, Extern, Func, Instance, Memory, Type, Value};

use crate::failure::Failure;
use crate::result;

/// What a function that makes room takes for so many bytes.
type Args = fn(i32) -> Vec<Value>;

/// Functions that make room.
const MAKERS: &[(&str, Args)] = &[
    ("cabi_realloc", |length| {
        [0, 0, 1, length].map(Value::I32).to_vec()
    }),
    ("malloc", |length| vec![Value::I32(length)]),
    ("alloc", |length| vec![Value::I32(length)]),
    ("allocate", |length| vec![Value::I32(length)]),
];

/// Calls a function with texts, and gives its results as lines.
pub(crate) fn call(instance: &Instance, func: &Func, texts: &[String]) -> Result<String, Failure> {
    check(func, texts.len()).map_err(Failure::usage)?;
    let room = Room::of(instance)?;
    let mut args = Vec::new();
    for text in texts {
        args.extend(room.put(text.as_bytes())?);
    }
    let results = func.call(&args)?;
    Ok(match &results[..] {
        [Value::I32(at), Value::I32(length)] => room.text(*at, *length)?,
        numbers => numbers.iter().map(|it| result::text(it) + "\n").collect(),
    })
}

/// An address and a length for each text.
fn check(func: &Func, texts: usize) -> Result<(), Error> {
    let params = func.ty().params();
    if params.len() == 2 * texts && params.iter().all(|ty| *ty == Type::I32) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Type,
        format!(
            "{}: --string needs two i32 for each text, its address and its length; it is of type {}",
            landbridge::text::name(func.name()),
            func.ty()
        ),
    ))
}

/// Where a module has room for texts.
struct Room {
    memory: Memory,
    make: Func,
    args: Args,
}

impl Room {
    fn of(instance: &Instance) -> Result<Room, Error> {
        let exports = instance.exports()?;
        let memory = exports.iter().find_map(|(_, item)| match item {
            Extern::Memory(memory) => Some(memory.clone()),
            _ => None,
        });
        let maker = MAKERS.iter().find_map(|(name, args)| {
            let make = instance.func(name).ok()?;
            let ty = make.ty();
            let plain = |types: &[Type], count| types == vec![Type::I32; count];
            let fits = plain(ty.params(), args(0).len()) && plain(ty.results(), 1);
            fits.then_some((make, *args))
        });
        match (memory, maker) {
            (Some(memory), Some((make, args))) => Ok(Room { memory, make, args }),
            (memory, _) => Err(missing(memory.is_some())),
        }
    }

    /// The address and the length of a text that is put there.
    fn put(&self, text: &[u8]) -> Result<[Value; 2], Error> {
        let too_long = |_| Error::new(ErrorKind::Range, "a text is longer than a memory");
        let length = i32::try_from(text.len()).map_err(too_long)?;
        let made = self.make.call(&(self.args)(length))?;
        let Some(Value::I32(at)) = made.first() else {
            return Err(missing(true));
        };
        if *at == 0 && length > 0 {
            let text = format!("{} made no room for {length} bytes", self.make.name());
            return Err(Error::new(ErrorKind::MemoryLimit, text));
        }
        self.memory.write(u64::from(*at as u32), text)?;
        Ok([Value::I32(*at), Value::I32(length)])
    }

    fn text(&self, at: i32, length: i32) -> Result<String, Error> {
        let bytes = self
            .memory
            .read(u64::from(at as u32), length as u32 as usize)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned() + "\n")
    }
}

fn missing(has_memory: bool) -> Error {
    let what = match has_memory {
        true => "no function that makes room in it (cabi_realloc, malloc, alloc or allocate)",
        false => "no memory",
    };
    let text = format!(
        "--string passes texts through the module's memory, but it exports {what}; \
         pass numbers, or build the module so that it does"
    );
    Error::new(ErrorKind::NotFound, text)
}
