//! Resources of the guest.

use landbridge::{ErrorKind, WitValue};

use crate::shop::{Guest, guests, value};

pub(crate) fn baskets_live_until_they_are_let_go_of(guest: &Guest) {
    let shop = guest.open();
    let (ada, bob) = (shop.basket("Ada", 3), shop.basket("Bob", 4));
    assert_eq!(shop.count(), 2u32.into());
    assert_eq!(shop.told("orders#basket.total", &[value(&ada)]), "360");
    for (a, b, is_cheaper) in [(&ada, &bob, true), (&bob, &ada, false)] {
        let given = shop.call("orders#basket.cheaper-than", &[value(a), value(b)]);
        assert_eq!(given, is_cheaper.into());
    }
    let lines = shop.call("orders#basket.lines", &[value(&bob)]);
    let line = [("product", shop.product()), ("count", 4u16.into())];
    assert_eq!(lines, WitValue::List(vec![WitValue::record(line)]));

    ada.close().expect("closed");
    ada.close().expect("closed once more");
    let error = shop
        .try_call("orders#basket.total", &[value(&ada)])
        .expect_err("closed");
    assert_eq!(error.kind(), ErrorKind::Closed);
    assert_eq!(shop.told("orders#basket.total", &[value(&bob)]), "480");
    // Dropped without being closed: the next call closes it.
    drop(bob);
    let _ = shop.count();
    if guest.hears_of_close {
        assert_eq!(shop.count(), 0u32.into());
        let gone = ["debug: Ada's basket is gone", "debug: Bob's basket is gone"];
        assert_eq!(shop.office.logged(), gone);
    } else {
        assert_eq!(shop.count(), 2u32.into());
        assert!(shop.office.logged().is_empty());
    }
}

pub(crate) fn baskets_change_hands(guest: &Guest) {
    let shop = guest.open();
    let (ada, bob) = (shop.basket("Ada", 3), shop.basket("Bob", 4));
    let both = guests(shop.call("orders#basket.merge", &[value(&ada), value(&bob)]));
    assert_eq!(shop.office.logged(), ["debug: Bob's basket is gone"]);
    assert_eq!(shop.told("orders#basket.total", &[value(&both)]), "840");
    for gone in [&ada, &bob] {
        assert!(gone.is_closed().expect("asked"));
        let error = shop
            .try_call("orders#basket.total", &[value(gone)])
            .expect_err("given away");
        assert_eq!(error.kind(), ErrorKind::Closed);
    }
    // The same one twice cannot change hands.
    let error = shop.try_call("orders#basket.merge", &[value(&both), value(&both)]);
    error.expect_err("given twice");
    assert_eq!(shop.count(), 1u32.into());
    let given = shop.told("orders#checkout", &[value(&both)]);
    assert!(
        given.starts_with(r#"("Ada", [{product: {sku: "P", "#),
        "{given}"
    );
    assert_eq!(shop.office.logged(), ["debug: Ada's basket is gone"]);
    assert_eq!(shop.count(), 0u32.into());
}

pub(crate) fn lists_of_baskets_cross(guest: &Guest) {
    let shop = guest.open();
    let all: Vec<_> = [("Ada", 1), ("Bob", 5), ("Cyd", 2)]
        .map(|(owner, pens)| shop.basket(owner, pens))
        .into();
    let list = WitValue::List(all.iter().map(value).collect());
    assert_eq!(shop.told("orders#sum", std::slice::from_ref(&list)), "960");
    let mut twice: Vec<WitValue> = all.iter().map(value).collect();
    twice.push(value(&all[0]));
    assert_eq!(shop.told("orders#sum", &[WitValue::List(twice)]), "1080");
    let WitValue::Option(Some(best)) = shop.call("orders#keep-dearest", &[list]) else {
        panic!("no basket")
    };
    let best = guests(*best);
    assert_eq!(shop.told("orders#basket.total", &[value(&best)]), "600");
    assert_eq!(shop.count(), 1u32.into());
    assert_eq!(
        shop.office.logged(),
        ["debug: Ada's basket is gone", "debug: Cyd's basket is gone"]
    );
    let none = WitValue::List(Vec::new());
    assert_eq!(shop.call("orders#keep-dearest", &[none]), WitValue::NONE);
}
