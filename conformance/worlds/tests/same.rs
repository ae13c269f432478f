//! The same seed gives the same worlds for ever: a seed that somebody wrote down finds what it found.

use landbridge_worlds::{World, text};

/// FNV-1a.
fn hash(bytes: &[u8], hash: u64) -> u64 {
    bytes.iter().fold(hash, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    })
}

/// If this fails, worlds are made in another way now. That may be wanted: then write down the new number.
#[test]
fn worlds_stay_the_same() {
    let all = (0..100).fold(0xcbf2_9ce4_8422_2325, |all, number| {
        let world = World::new(7, number);
        let told = format!("{world:?}{:?}", world.calls(2));
        hash(told.as_bytes(), hash(text(&world).as_bytes(), all))
    });
    assert_eq!(all, 0x7b96_87b4_b8b0_c803, "{all:#018x}");
}

/// Each sort of type and of place comes up among the first worlds of any seed.
#[test]
fn every_sort_comes_up() {
    let worlds: Vec<_> = (0..400).map(|number| World::new(11, number)).collect();
    let all: String = worlds
        .iter()
        .map(|it| format!("{:?}{:?}", it.params, it.calls(2)))
        .collect();
    for sort in [
        "Bool", "S8", "U8", "S16", "U16", "S32", "U32", "S64", "U64", "F32", "F64", "Char",
        "String", "List", "Tuple", "Option", "Result", "Record", "Variant", "Enum", "Flags",
    ] {
        assert!(
            all.contains(&format!(", {sort})")) || all.contains(&format!("{sort}(")),
            "no {sort}"
        );
    }
    assert!(all.contains("(Ok(") && all.contains("(Err("));
    for encoding in ["utf8", "utf16", "latin1+utf16"] {
        assert!(
            worlds.iter().any(|it| it.encoding.name() == encoding),
            "no {encoding}"
        );
    }
    let slots = |it: &World| {
        it.params
            .iter()
            .map(|(_, ty)| landbridge_worlds::flat(ty).len())
            .sum::<usize>()
    };
    for many in [0, 1, 16, 17, 50] {
        assert!(
            worlds
                .iter()
                .any(|it| slots(it) >= many && (many != 0 || slots(it) == 0)),
            "none of {many} slots"
        );
    }
    assert!(
        worlds
            .iter()
            .any(|it| it.api().is_none() && it.through_host)
    );
    assert!(worlds.iter().any(|it| !it.post_return) && worlds.iter().any(|it| it.post_return));
}
