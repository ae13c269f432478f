//! An inspection as text.

use std::collections::HashMap;

use landbridge::{Ask, MemoryType, Producer, WorldItem, text};

use super::About;
use crate::wasi;

/// What it is, and the world of a component.
fn head(about: &About) -> String {
    let it = &about.inspection;
    let name = it
        .name
        .as_ref()
        .map_or(String::new(), |name| format!(" named {}", shown(name)));
    let role = match it.world {
        Some(_) => "component",
        None => wasi::role(&it.exports),
    };
    let mut text = format!(
        "{}: a {role}{name}, {} bytes\n",
        shown(&about.file),
        about.bytes
    );
    if let Some(world) = &it.world {
        text.push_str(&format!("\n{world}"));
    }
    text
}

pub(super) fn tell(about: &About) -> String {
    let it = &about.inspection;
    let mut text = head(about);
    let imports = it.imports.iter();
    let imports = imports.map(|it| {
        (
            format!("{}.{}", shown(&it.module), shown(&it.name)),
            it.ty.to_string(),
        )
    });
    let exports = it.exports.iter();
    let sections = it.custom_sections.iter();
    section(&mut text, "imports", imports.collect());
    section(
        &mut text,
        "exports",
        exports
            .map(|(name, ty)| (shown(name), ty.to_string()))
            .collect(),
    );
    section(
        &mut text,
        "memories",
        it.memories.iter().map(memory).collect(),
    );
    section(&mut text, "features", words(&it.features));
    section(
        &mut text,
        "costs more to compile than its size accounts for",
        cost(it.compile_cost),
    );
    section(&mut text, "target features", words(&it.target_features));
    section(
        &mut text,
        "producers",
        it.producers.iter().map(producer).collect(),
    );
    section(
        &mut text,
        "custom sections",
        sections
            .map(|it| (shown(&it.name), format!("{} bytes", it.bytes.len())))
            .collect(),
    );
    section(
        &mut text,
        "asks of WASI",
        it.asks
            .iter()
            .map(|ask| wish(ask, it.world.is_some()))
            .collect(),
    );
    section(&mut text, "asks of its host", hosts(about));
    section(
        &mut text,
        "built for another host",
        it.built_for.iter().map(line).collect(),
    );
    text
}

fn line(said: &&str) -> (String, String) {
    ((*said).to_owned(), String::new())
}

/// Nothing for most modules.
fn cost(units: u64) -> Vec<(String, String)> {
    match units {
        0 => Vec::new(),
        units => vec![(format!("{units} units"), format!("--compile-cost {units}"))],
    }
}

/// A title, and lines of two columns. Nothing if there are no lines.
fn section(text: &mut String, title: &str, lines: Vec<(String, String)>) {
    if lines.is_empty() {
        return;
    }
    let width = lines.iter().map(|(first, _)| first.chars().count()).max();
    let width = width.unwrap_or(0).min(WIDEST);
    text.push_str(&format!("\n{title}\n"));
    for (first, second) in lines {
        let line = format!("  {first:width$}  {second}");
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// Names that are longer do not widen a column.
const WIDEST: usize = 48;

/// A name of the guest's choosing cannot steer the terminal, and a long one is cut.
fn shown(name: &str) -> String {
    match name.contains(text::steers) || name.is_empty() {
        true => text::quoted(name),
        false => text::name(name).into_owned(),
    }
}

fn words<T: AsRef<str>>(words: &[T]) -> Vec<(String, String)> {
    let words: Vec<_> = words.iter().map(|word| shown(word.as_ref())).collect();
    match words.is_empty() {
        true => Vec::new(),
        false => vec![(words.join(", "), String::new())],
    }
}

fn memory(ty: &MemoryType) -> (String, String) {
    let bytes = |pages: u64| u128::from(pages) * u128::from(ty.page_bytes);
    let most = ty.max.map_or("without bound".to_owned(), |max| {
        format!("to {} bytes", bytes(max))
    });
    (
        ty.to_string(),
        format!("{} bytes, may grow {most}", bytes(ty.min)),
    )
}

fn producer(it: &Producer) -> (String, String) {
    (
        shown(&it.field),
        format!("{} {}", shown(&it.name), shown(&it.version)),
    )
}

fn wish(ask: &Ask, is_component: bool) -> (String, String) {
    let (words, grant) = wasi::words(ask, is_component);
    (words.to_owned(), grant.to_owned())
}

/// What a component imports and how many functions of it, apart from WASI.
fn interfaces(about: &About) -> impl Iterator<Item = (&str, usize)> {
    let items = about.inspection.world.iter().flat_map(|it| &it.imports);
    items.filter_map(|item| match item {
        WorldItem::Interface(it) if !it.name.starts_with("wasi:") && !it.funcs.is_empty() => {
            Some((&*it.name, it.funcs.len()))
        }
        WorldItem::Func(it) => Some((&*it.name, 1)),
        _ => None,
    })
}

/// What is not of WASI must be lent by a program that embeds the module.
fn hosts(about: &About) -> Vec<(String, String)> {
    let mut places = HashMap::new();
    let mut counted: Vec<(&str, usize)> = Vec::new();
    let imports = about.inspection.imports.iter();
    let modules = imports.map(|it| (&*it.module, 1));
    let modules = modules.filter(|(module, _)| *module != wasi::MODULE);
    for (module, more) in modules.chain(interfaces(about)) {
        let place = *places.entry(module).or_insert(counted.len());
        match counted.get_mut(place) {
            Some((_, count)) => *count += more,
            None => counted.push((module, more)),
        }
    }
    let line = |(module, count): (&str, usize)| {
        let s = if count == 1 { "" } else { "s" };
        (
            shown(module),
            format!("{count} import{s}, which a program that embeds it lends"),
        )
    };
    counted.into_iter().map(line).collect()
}
