//! The host of the guests: a log, discount codes, journals.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use landbridge::{
    Error, ErrorKind, HostContext, HostResource, Imports, Resource, Result, WitValue,
};

const OFFICE: &str = "demo:shop/office@1.2.0";

#[derive(Default)]
pub(crate) struct Office {
    log: Mutex<Vec<String>>,
    /// Those that can be found by their title.
    journals: Mutex<Vec<HostResource>>,
    /// How many journals were let go of by everybody.
    pub(crate) gone: Arc<AtomicUsize>,
}

/// A book that guests write into.
pub(crate) struct Journal {
    pub(crate) title: String,
    lines: Mutex<Vec<String>>,
    gone: Arc<AtomicUsize>,
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.gone.fetch_add(1, Ordering::Relaxed);
    }
}

impl Journal {
    pub(crate) fn lines(&self) -> Vec<String> {
        locked(&self.lines).clone()
    }
}

type Given = Result<Option<WitValue>>;

impl Office {
    pub(crate) fn imports(office: &Arc<Office>) -> Imports {
        let mut imports = Imports::new();
        imports.wit_func("", "currency", |_, _| Ok(Some("EUR".into())));
        let mut lend = |name, func: fn(&Office, &[WitValue]) -> Given| {
            let office = office.clone();
            let func = move |_: &HostContext<'_>, args: &[WitValue]| func(&office, args);
            imports.wit_func(OFFICE, name, func);
        };
        lend("log", Office::write_log);
        lend("worth", Office::worth);
        lend("reserve", Office::reserve);
        lend("close", Office::close);
        lend("title", |_, args| {
            Ok(Some(journal(&args[0]).title.as_str().into()))
        });
        lend("[constructor]journal", |it, args| {
            Ok(Some(resource(it.opened(text(&args[0])))))
        });
        lend("[method]journal.write", |_, args| {
            let mut lines = locked(&journal(&args[0]).lines);
            lines.push(text(&args[1]).to_owned());
            Ok(Some((lines.len() as u32).into()))
        });
        lend("[method]journal.length", |_, args| {
            let length = journal(&args[0]).lines().len();
            Ok(Some((length as u32).into()))
        });
        lend("[static]journal.find", Office::find);
        imports
    }

    /// What was written to the log since the last time, each as `level: text`.
    pub(crate) fn logged(&self) -> Vec<String> {
        std::mem::take(&mut *locked(&self.log))
    }

    /// A journal that nobody can find.
    pub(crate) fn opened(&self, title: &str) -> HostResource {
        HostResource::new(Journal {
            title: title.to_owned(),
            lines: Mutex::default(),
            gone: self.gone.clone(),
        })
    }

    /// One that can be found.
    pub(crate) fn publish(&self, title: &str) -> HostResource {
        let journal = self.opened(title);
        locked(&self.journals).push(journal.clone());
        journal
    }

    pub(crate) fn gone(&self) -> usize {
        self.gone.load(Ordering::Relaxed)
    }

    fn write_log(&self, args: &[WitValue]) -> Given {
        let WitValue::Enum(level) = &args[0] else {
            panic!("{:?} is no level", args[0])
        };
        if text(&args[1]).contains("Mallory") {
            return Err(Error::new(ErrorKind::Denied, "Mallory may not log in"));
        }
        locked(&self.log).push(format!("{level}: {}", text(&args[1])));
        Ok(None)
    }

    /// Its error is the guest's.
    fn worth(&self, args: &[WitValue]) -> Given {
        let cents: u64 = match text(&args[0]) {
            "WELCOME" => 500,
            "LOYAL" => 1250,
            other => {
                let why = format!("no code {other}");
                let error = Error::new(ErrorKind::NotFound, why.clone());
                return Err(error.with_payload(WitValue::from(why)));
            }
        };
        Ok(Some(WitValue::ok(Some(cents.into()))))
    }

    fn reserve(&self, args: &[WitValue]) -> Given {
        let WitValue::List(lines) = &args[0] else {
            panic!("{:?} is no list", args[0])
        };
        let units = lines.iter().map(|line| match line {
            WitValue::Record(fields) => match &fields[1] {
                (name, WitValue::U16(count)) if &**name == "count" => u32::from(*count),
                other => panic!("{other:?} is no count"),
            },
            other => panic!("{other:?} is no line"),
        });
        Ok(Some(units.sum::<u32>().into()))
    }

    fn close(&self, args: &[WitValue]) -> Given {
        let lines = journal(&args[0]).lines();
        let lines = lines.iter().map(|it| it.as_str().into()).collect();
        Ok(Some(WitValue::List(lines)))
    }

    /// Its error is a value.
    fn find(&self, args: &[WitValue]) -> Given {
        let title = text(&args[0]);
        let journals = locked(&self.journals);
        let found = journals
            .iter()
            .find(|it| it.get::<Journal>().is_some_and(|it| it.title == title));
        Ok(Some(match found {
            Some(found) => WitValue::ok(Some(resource(found.clone()))),
            None => WitValue::err(Some(format!("no journal {title}").into())),
        }))
    }
}

pub(crate) fn resource(it: HostResource) -> WitValue {
    Resource::Host(it).into()
}

fn journal(value: &WitValue) -> &Journal {
    let WitValue::Resource(Resource::Host(it)) = value else {
        panic!("{value:?} is no resource of the host")
    };
    it.get().expect("a journal")
}

fn text(value: &WitValue) -> &str {
    let WitValue::String(text) = value else {
        panic!("{value:?} is no string")
    };
    text
}

fn locked<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}
