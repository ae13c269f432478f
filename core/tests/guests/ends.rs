//! What ends a guest.

use landbridge::ErrorKind;

use crate::shop::Guest;

pub(crate) fn a_trap_ends_the_guest(guest: &Guest) {
    let shop = guest.open();
    let error = shop
        .try_call("give-up", &["it is late".into()])
        .expect_err("a trap");
    assert_eq!(error.kind(), ErrorKind::Trap);
    let error = shop.try_call("price", &[5u64.into()]).expect_err("ended");
    assert_eq!(error.kind(), ErrorKind::Poisoned);
    // Another instance is none the worse for it.
    assert_eq!(guest.open().told("price", &[5u64.into()]), "\"0.05 EUR\"");
}

/// `log` has no `result`: what goes wrong there is not the guest's to know.
pub(crate) fn an_error_of_the_host_comes_out(guest: &Guest) {
    let shop = guest.open();
    let error = shop
        .try_call("greet", &["Mallory".into()])
        .expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Denied);
    assert_eq!(error.message(), "Mallory may not log in");
    let error = shop.try_call("greet", &["Ada".into()]).expect_err("ended");
    assert_eq!(error.kind(), ErrorKind::Poisoned);
}
