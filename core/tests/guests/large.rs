//! Values that are large.

use std::slice::from_ref;

use landbridge::WitValue;

use crate::shop::Guest;

pub(crate) fn much_crosses_at_once(guest: &Guest) {
    let shop = guest.open();
    let sample: Vec<u8> = (0..1 << 20).map(|i| (i % 251) as u8).collect();
    assert_eq!(
        shop.call("orders#sample", &[(1u32 << 20).into()]),
        sample.clone().into()
    );
    assert_eq!(
        shop.call("echo#echo-bytes", &[sample.clone().into()]),
        sample.into()
    );
    let floats: Vec<f64> = (0..100_000).map(|i| f64::from(i) * 0.1).collect();
    assert_eq!(
        shop.call("echo#echo-floats", &[floats.clone().into()]),
        floats.into()
    );
    let strings = WitValue::List((0..10_000).map(|i| format!("number {i}").into()).collect());
    assert_eq!(shop.call("echo#echo-strings", from_ref(&strings)), strings);
    let products = WitValue::List(vec![shop.product(); 1000]);
    assert_eq!(shop.call("orders#sort", from_ref(&products)), products);
    let text: WitValue = "ä🙂".repeat(100_000).into();
    assert_eq!(shop.call("echo#echo-string", from_ref(&text)), text);
}
