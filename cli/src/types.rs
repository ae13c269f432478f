//! `landbridge types`: the functions and types of a component or a module, for the type checker of a language.

mod cpp;
mod java;
mod names;
mod python;
mod typescript;

use std::path::{Path, PathBuf};

use clap::Args;
use landbridge::{Error, ErrorKind, Inspection, World, text};

use crate::failure::Failure;
use crate::output;
use crate::source;

/// Writes the functions and types of a component in your language, for type checkers and editors. With `--python`,
/// `--typescript` and `--java` also those of a core module.
///
/// You do not need this to call the component. Its documentation is written, too: from a WIT text beside FILE, or from
/// the one that `embed` put into it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  landbridge types greet.wasm --python -o greet.pyi
  landbridge types greet.wasm --typescript -o greet.d.wasm.ts
  landbridge types greet.wasm --java --package com.example -o src/main/java/com/example/Greet.java
  landbridge types greet.wasm --cpp -o greet.hpp")]
pub(crate) struct Types {
    /// The component or module, in the binary format or as WebAssembly text; `-` reads it from standard input.
    file: PathBuf,

    #[command(flatten)]
    language: Language,

    /// The file to write, instead of standard output. Its name is used inside: a class `Greet` for `Greet.java`.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// The package of what is written for Java, such as `com.example.shop`.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["python", "typescript", "cpp"], value_parser = java::package)]
    package: Option<String>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Language {
    /// A stub, for `import greet`.
    #[arg(long)]
    python: bool,

    /// Declarations, for `import { hello } from './greet.wasm'`.
    #[arg(long)]
    typescript: bool,

    /// Interfaces and records, for `instance.as(...)`.
    #[arg(long)]
    java: bool,

    /// Structs, with their descriptions.
    #[arg(long)]
    cpp: bool,
}

impl Language {
    /// Writes a world. `name` is what the whole is called, such as `greet`.
    fn write(&self, world: &World, name: &str, package: Option<&str>) -> Result<String, Error> {
        match self {
            Language { python: true, .. } => python::write(world, name),
            Language {
                typescript: true, ..
            } => typescript::write(world, name),
            Language { java: true, .. } => java::write(world, name, package),
            _ => cpp::write(world, name),
        }
    }

    /// Writes a core module, in the languages whose types can stand for its functions.
    fn write_core(
        &self,
        found: &Inspection,
        name: &str,
        package: Option<&str>,
    ) -> Result<String, Error> {
        if self.java {
            return Ok(java::core::write(found, name, package));
        }
        if self.typescript {
            return Ok(typescript::core::write(found, name));
        }
        if self.python {
            return Ok(python::core::write(found, name));
        }
        let why = "this is a core module and no component: its functions take and give numbers";
        Err(Error::new(ErrorKind::Compile, why))
    }
}

impl Types {
    pub(crate) fn execute(self) -> Result<i32, Failure> {
        let inspection = match source::input(&self.file)? {
            Some(input) => Inspection::new(&input)?,
            None => Inspection::of_file(&self.file)?,
        };
        let file = self.output.as_ref().unwrap_or(&self.file);
        let name = stem(file);
        if let (true, Some(file)) = (self.language.java, &self.output) {
            java::check_file(file, name)?;
        }
        let written = match &inspection.world {
            Some(world) => self.language.write(world, name, self.package.as_deref())?,
            None => self
                .language
                .write_core(&inspection, name, self.package.as_deref())?,
        };
        match &self.output {
            None => output::print(written.as_bytes())?,
            Some(file) => std::fs::write(file, written).map_err(|e| {
                let file = file.display().to_string();
                Error::new(ErrorKind::Io, format!("{}: {e}", text::name(&file)))
            })?,
        }
        Ok(0)
    }
}

/// `greet` of `some/greet.d.wasm.ts`.
fn stem(file: &Path) -> &str {
    let name = file.file_name().and_then(|it| it.to_str());
    let stem = name.and_then(|it| it.split('.').next());
    stem.filter(|it| !matches!(*it, "" | "-"))
        .unwrap_or("component")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::stem;

    #[test]
    fn a_file_says_what_its_text_is_called() {
        assert_eq!(stem(Path::new("a.b/greet.d.wasm.ts")), "greet");
        assert_eq!(stem(Path::new("-")), "component");
        assert_eq!(stem(Path::new(".hidden")), "component");
    }
}
