//! Cases of `conformance/cases` about components that need nothing but texts: the command answers as every host does.

use std::path::Path;

use serde_json::Value as Json;

use crate::ran::Ran;
use crate::scratch::{Scratch, shared};

/// The steps of each case of a file.
fn cases(file: &str) -> Vec<(String, Vec<Json>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/cases");
    let text = std::fs::read_to_string(folder.join(file)).expect("a file of cases");
    let json: Json = serde_json::from_str(&text).expect("JSON");
    let cases = json["cases"].as_array().expect("cases").iter();
    cases
        .map(|case| {
            let steps = case["steps"].as_array().expect("steps").clone();
            (case["name"].to_string(), steps)
        })
        .collect()
}

/// The texts of a call's arguments, if they are all texts.
fn texts(step: &Json) -> Option<Vec<&str>> {
    let args = step["args"].as_array().map_or(&[][..], Vec::as_slice);
    args.iter().map(Json::as_str).collect()
}

fn call(scratch: &Scratch, module: &str, func: &Json, args: &[&str]) -> Ran {
    let func = func.as_str().expect("the name of a function");
    scratch.run(&[&["call", module, func, "--"], args].concat())
}

fn prints(ran: &Ran, expected: &Json, about: &str) {
    let line = expected
        .as_str()
        .map_or(String::new(), |it| format!("{it}\n"));
    let is_err = matches!(expected.as_str(), Some(it) if it == "err" || it.starts_with("err("));
    let told = (ran.code, &*ran.stdout, &*ran.stderr);
    assert_eq!(told, (i32::from(is_err), &*line, ""), "{about}");
}

#[test]
fn values_and_names_are_as_in_every_host() {
    let scratch = Scratch::new();
    let mut calls = 0;
    for file in ["components_values.json", "components_names.json"] {
        for (name, steps) in cases(file) {
            let module = shared(steps[0]["module"].as_str().expect("a module"));
            let of_texts = steps.iter().filter(|it| it["do"] == "wit_call");
            for step in of_texts.filter(|it| it["keep"].is_null()) {
                let Some(args) = texts(step) else { continue };
                let ran = call(&scratch, &module, &step["func"], &args);
                calls += 1;
                match step["fails"]["kind"].as_str() {
                    None => prints(&ran, &step["result"], &name),
                    Some(kind) => assert!(
                        ran.stderr.starts_with(&format!("landbridge: {kind}: ")),
                        "{name}: {ran:?}"
                    ),
                }
            }
        }
    }
    assert!(calls > 200, "{calls} calls");
}

#[test]
fn texts_are_read_and_written_as_in_every_host() {
    let scratch = Scratch::new();
    let mut calls = 0;
    for (name, steps) in cases("components_text.json") {
        let module = shared(steps[0]["module"].as_str().expect("a module"));
        let is_echo = |it: &&Json| {
            it["func"]
                .as_str()
                .is_some_and(|it| it.starts_with("echo-"))
        };
        for step in steps
            .iter()
            .filter(|it| it["do"] == "wit_text")
            .filter(is_echo)
        {
            let text = step["text"].as_str().expect("a text");
            let ran = call(&scratch, &module, &step["func"], &[text]);
            calls += 1;
            match step.get("fails") {
                None => prints(&ran, &step["equals"], &name),
                Some(fails) => says(&ran, fails, &name),
            }
        }
    }
    assert!(calls > 40, "{calls} calls");
}

/// What was typed is wrong, in the words of the case.
fn says(ran: &Ran, fails: &Json, about: &str) {
    let kind = fails["kind"].as_str().expect("a kind");
    assert_eq!(ran.code, 2, "{about}: {ran:?}");
    assert!(
        ran.stderr
            .starts_with(&format!("landbridge: {kind}: args[0]")),
        "{about}: {ran:?}"
    );
    for part in fails["message"].as_array().expect("parts") {
        let part = part.as_str().expect("a text");
        assert!(
            ran.stderr.contains(part),
            "{about}: {part:?} is not in {ran:?}"
        );
    }
}
