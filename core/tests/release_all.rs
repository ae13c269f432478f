//! A host that unloads releases every handle. Alone in its process, since the handles of other tests would go too.

use std::sync::Arc;

use landbridge::handle::{get, insert, release_all};
use landbridge::{ErrorKind, Imports, Module};

#[test]
fn a_host_that_unloads_leaves_nothing() {
    let module = Module::new("(module (func (export \"f\")))").unwrap();
    let instance = module.instantiate(&Imports::new()).unwrap();
    let func = Arc::new(instance.func("f").unwrap());
    let number = Arc::new(1_u8);
    let kept = [
        insert("number", number.clone()).unwrap(),
        insert("func", func.clone()).unwrap(),
    ];
    let given = release_all();
    assert_eq!(given.len(), 1, "what lives in a store is dropped by itself");
    assert!(given[0].clone().downcast::<u8>().is_ok());
    drop(given);
    assert_eq!(
        (Arc::strong_count(&number), Arc::strong_count(&func)),
        (1, 1)
    );
    let gone = get::<u8>(kept[0], "number").unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::Closed);
    assert!(release_all().is_empty());
    func.call(&[]).unwrap();
}
