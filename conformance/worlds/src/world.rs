//! A world: a function that gives back what it gets, and where it stands.

use crate::types::record;
use crate::{Random, Type, Value, any_type, any_value, flat};

/// One function `echo`.
#[derive(Clone, Debug)]
pub struct World {
    /// What it was made from.
    pub seed: u64,
    /// Which of the seed's worlds it is.
    pub number: u64,
    /// Its parameters.
    pub params: Vec<(String, Type)>,
    /// Where its functions stand.
    pub place: Place,
    /// Of the component's texts.
    pub encoding: Encoding,
    /// The function asks the host for its result, by one of the same type.
    pub through_host: bool,
    /// The component lets go of its results in a function of its own.
    pub post_return: bool,
}

/// Where the functions of a world stand.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// The world itself: it exports `echo` and may import `host-echo`.
    World,
    /// Interfaces `api` and `host` of a package, which may have a version.
    Interface {
        /// Such as `demo:app`.
        package: String,
        /// Such as `1.2.0`.
        version: Option<String>,
    },
}

/// How a component writes its texts.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "they are named as they are")]
pub enum Encoding {
    Utf8,
    Utf16,
    Latin1OrUtf16,
}

impl Encoding {
    /// As the text format spells it.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf8",
            Encoding::Utf16 => "utf16",
            Encoding::Latin1OrUtf16 => "latin1+utf16",
        }
    }
}

/// Larger ones are made again: the text of a component has some lines for each.
const MOST_FLAT: usize = 300;

impl World {
    /// One of the worlds of a seed.
    pub fn new(seed: u64, number: u64) -> World {
        let mut random = World::random(seed, number);
        let params = loop {
            let params = params(&mut random, number);
            let slots: usize = params.iter().map(|(_, ty)| flat(ty).len()).sum();
            if slots <= MOST_FLAT {
                break params;
            }
        };
        World {
            seed,
            number,
            params,
            place: place(&mut random),
            encoding: random.of(&[
                Encoding::Utf8,
                Encoding::Utf8,
                Encoding::Utf16,
                Encoding::Latin1OrUtf16,
            ]),
            through_host: random.once_in(2),
            post_return: !random.once_in(4),
        }
    }

    fn random(seed: u64, number: u64) -> Random {
        let mut random = Random::new(seed);
        Random::new(random.bits() ^ number.wrapping_mul(0xd6e8_feb8_6659_fd93))
    }

    /// None without parameters, that of the only one, or a tuple of all.
    pub fn result(&self) -> Option<Type> {
        match &self.params[..] {
            [] => None,
            [(_, one)] => Some(one.clone()),
            many => Some(Type::Tuple(many.iter().map(|(_, ty)| ty.clone()).collect())),
        }
    }

    /// Arguments for so many calls.
    pub fn calls(&self, count: usize) -> Vec<Vec<Value>> {
        let mut random = World::random(!self.seed, self.number);
        let mut args = || {
            let size = random.of(&[1, 4, 8, 12]);
            let values = self
                .params
                .iter()
                .map(|(_, ty)| any_value(&mut random, ty, size));
            values.collect()
        };
        (0..count).map(|_| args()).collect()
    }

    /// What a call with these arguments gives.
    pub fn echoed(mut args: Vec<Value>) -> Option<Value> {
        match args.len() {
            0 => None,
            1 => args.pop(),
            _ => Some(Value::Tuple(args)),
        }
    }

    /// The exported interface, if it stands in one.
    pub fn api(&self) -> Option<String> {
        self.interface("api")
    }

    /// The imported interface, if it stands in one.
    pub fn host(&self) -> Option<String> {
        self.interface("host")
    }

    /// The name of the function that is imported.
    pub fn host_echo(&self) -> &'static str {
        match self.place {
            Place::World => "host-echo",
            Place::Interface { .. } => "echo",
        }
    }

    /// The types that have names, each behind those it is made of: as they are defined.
    pub fn named_types(&self) -> Vec<(&str, &Type)> {
        let mut found = Vec::new();
        self.params
            .iter()
            .for_each(|(_, ty)| name_types(ty, &mut found));
        found
    }

    fn interface(&self, name: &str) -> Option<String> {
        match &self.place {
            Place::World => None,
            Place::Interface {
                package,
                version: None,
            } => Some(format!("{package}/{name}")),
            Place::Interface {
                package,
                version: Some(version),
            } => Some(format!("{package}/{name}@{version}")),
        }
    }
}

fn name_types<'a>(ty: &'a Type, found: &mut Vec<(&'a str, &'a Type)>) {
    let name = match ty {
        Type::List(of) | Type::Option(of) => return name_types(of, found),
        Type::Tuple(of) => return of.iter().for_each(|it| name_types(it, found)),
        Type::Result(ok, err) => {
            return ok.iter().chain(err).for_each(|it| name_types(it, found));
        }
        Type::Record(name, _)
        | Type::Variant(name, _)
        | Type::Enum(name, _)
        | Type::Flags(name, _) => name,
        _ => return,
    };
    if found.iter().any(|(known, _)| known == name) {
        return;
    }
    match ty {
        Type::Record(_, of) => of.iter().for_each(|(_, it)| name_types(it, found)),
        Type::Variant(_, of) => {
            let held = of.iter().filter_map(|(_, it)| it.as_ref());
            held.for_each(|it| name_types(it, found));
        }
        _ => {}
    }
    found.push((name, ty));
}

fn params(random: &mut Random, number: u64) -> Vec<(String, Type)> {
    let mut known = Vec::new();
    let types = match number % 8 {
        // Types of every sort, alone.
        0..=2 => vec![any_type(random, number as usize % 5, &mut known)],
        // A record, about as long as what fits into parameters, or much longer.
        3 | 4 => vec![record(random, 30, 2, &mut known)],
        // Short cases that share their slots.
        5 => (0..random.within(1, 4))
            .map(|_| any_type(random, 1, &mut known))
            .collect(),
        // Parameters of every number.
        6 => (0..random.within(0, 20))
            .map(|_| any_type(random, 1, &mut known))
            .collect(),
        // Deep.
        _ => vec![any_type(random, random_depth(number), &mut known)],
    };
    let names = crate::names::names(random, types.len());
    names.into_iter().zip(types).collect()
}

fn random_depth(number: u64) -> usize {
    4 + (number / 8 % 4) as usize
}

fn place(random: &mut Random) -> Place {
    if random.once_in(5) {
        return Place::World;
    }
    let package = random
        .of(&["t:t", "demo:app", "a-b:c-d", "my:x1"])
        .to_owned();
    let version = random.of(&[None, None, Some("1.2.0"), Some("0.2.3"), Some("2.0.0-rc.1")]);
    let version = version.map(str::to_owned);
    Place::Interface { package, version }
}
