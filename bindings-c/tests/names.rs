//! The name that programs remember the shared library by stands in `build.rs`; other files repeat it.

use std::path::Path;

const SONAME: &str = env!("LANDBRIDGE_SONAME");

#[test]
fn the_librarys_name_is_one() {
    for path in ["Makefile", "README.md", "package/README.md.in"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let text = std::fs::read_to_string(&path).expect("the file is there");
        let mut names = text.split("liblandbridge.so.").skip(1).peekable();
        assert!(names.peek().is_some(), "{} has it no more", path.display());
        for name in names {
            let number: String = name.chars().take_while(char::is_ascii_digit).collect();
            assert_eq!(
                format!("liblandbridge.so.{number}"),
                SONAME,
                "{}",
                path.display()
            );
        }
    }
}
