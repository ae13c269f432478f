//! Resources of the host.

use landbridge::{ErrorKind, Resource, WitValue};

use crate::office::{Journal, resource};
use crate::shop::{Guest, hosts, value};

fn lines(all: &[&str]) -> WitValue {
    WitValue::List(all.iter().map(|it| (*it).into()).collect())
}

/// Lent for a call, and the very same object afterwards.
pub(crate) fn journals_are_of_the_host(guest: &Guest) {
    let shop = guest.open();
    let diary = shop.office.publish("Diary");
    for number in 1..=3u32 {
        let args = [resource(diary.clone()), "a line".into()];
        let given = shop.told("orders#note", &args);
        assert_eq!(given, format!("({number}, \"Diary\")"));
    }
    let found = shop.call("orders#look-up", &["Diary".into()]);
    let WitValue::Result(Ok(Some(found))) = found else {
        panic!("{found:?}")
    };
    assert_eq!(*found, resource(diary.clone()));
    let missing = shop.told("orders#look-up", &["Novel".into()]);
    assert_eq!(missing, "err(\"no journal Novel\")");
    let lines = diary.get::<Journal>().expect("a journal").lines();
    assert_eq!(lines, ["a line"; 3]);
}

pub(crate) fn journals_change_hands(guest: &Guest) {
    let shop = guest.open();
    let opened = shop.call("orders#open", &["Log".into(), lines(&["one", "two"])]);
    let opened = hosts(opened);
    assert_eq!(opened.get::<Journal>().expect("a journal").title, "Log");
    let args = [resource(opened.clone()), "three".into()];
    assert_eq!(
        shop.call("orders#finish", &args),
        lines(&["one", "two", "three"])
    );
    assert_eq!(shop.office.gone(), 0);
    drop((opened, args));
    assert_eq!(shop.office.gone(), 1);
    let error = shop.try_call("orders#note", &[value(&shop.basket("Ada", 0)), "x".into()]);
    assert_eq!(
        error.expect_err("a basket is no journal").kind(),
        ErrorKind::Type
    );
}

pub(crate) fn what_a_guest_lets_go_of_is_let_go_of(guest: &Guest) {
    let shop = guest.open();
    let journal = Resource::Host(shop.office.opened("Draft"));
    assert_eq!(
        shop.try_call("orders#discard", &[journal.into()])
            .expect("taken"),
        None
    );
    assert_eq!(shop.office.gone(), 1);
}
