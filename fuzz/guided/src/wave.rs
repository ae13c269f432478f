//! Texts of values of WIT types.

use std::sync::{Arc, LazyLock};

use landbridge::{
    Case, Enum, ErrorKind, Field, Flags, Label, Record, ResultType, Variant, WitType, WitValue,
    text,
};

/// A text in WAVE: read as a value of each of some types, or refused. What was read is the same when it is written
/// and read again, and steers no terminal.
pub fn wave(data: &[u8]) {
    static TYPES: LazyLock<Vec<WitType>> = LazyLock::new(types);
    let Ok(given) = std::str::from_utf8(data) else {
        return;
    };
    for ty in TYPES.iter() {
        let value = match WitValue::parse(ty, given) {
            Ok(value) => value,
            Err(error) => {
                super::kind(&error, &[ErrorKind::Type, ErrorKind::Range]);
                continue;
            }
        };
        let written = value.to_text();
        assert!(!written.contains(text::steers), "{written:?}");
        let again = WitValue::parse(ty, &written).expect("what was written can be read");
        assert_eq!(format!("{again:?}"), format!("{value:?}"), "{written}");
    }
}

fn named(i: usize) -> Arc<str> {
    Arc::from(format!("f{i}"))
}

fn record(types: &[WitType]) -> WitType {
    let fields = types.iter().enumerate().map(|(i, ty)| Field {
        name: named(i),
        ty: ty.clone(),
        docs: None,
    });
    WitType::Record(Arc::new(Record {
        label: Label::default(),
        fields: fields.collect(),
    }))
}

fn variant(types: &[WitType]) -> WitType {
    let cases = types.iter().enumerate().map(|(i, ty)| Case {
        name: named(i),
        ty: (i % 4 > 0).then(|| ty.clone()),
        docs: None,
    });
    WitType::Variant(Arc::new(Variant {
        label: Label::default(),
        cases: cases.collect(),
    }))
}

/// One of each sort, and one that has them all.
fn types() -> Vec<WitType> {
    let names = || ["read", "write", "none", "HTTP-2"].map(Arc::from).to_vec();
    let label = Label::default;
    let mut types = vec![
        WitType::Bool,
        WitType::S8,
        WitType::U64,
        WitType::F32,
        WitType::F64,
        WitType::Char,
        WitType::String,
        WitType::Enum(Arc::new(Enum {
            label: label(),
            names: names(),
        })),
        WitType::Flags(Arc::new(Flags {
            label: label(),
            names: names(),
        })),
    ];
    let lists = types.clone().into_iter();
    types.extend(lists.map(|it| WitType::List(Arc::new(it))));
    let options = types.clone().into_iter().step_by(3);
    types.extend(options.map(|it| WitType::Option(Arc::new(it))));
    let both = |ok: usize, err: usize| {
        let (ok, err) = (types.get(ok).cloned(), types.get(err).cloned());
        WitType::Result(Arc::new(ResultType { ok, err }))
    };
    let results = [both(1, 6), both(1000, 6), both(20, 1000), both(1000, 1000)];
    types.extend(results);
    types.push(WitType::Tuple(types.clone().into()));
    let parts = [record(&types), variant(&types)];
    types.extend(parts);
    let options: Vec<_> = types
        .iter()
        .filter(|it| matches!(it, WitType::Option(_)))
        .cloned()
        .collect();
    types.push(record(&options));
    types
}
