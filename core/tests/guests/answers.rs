//! `examples/components/calls.txt`: what every guest must answer.

use landbridge::{WitFuncType, WitType, WitValue};

use crate::shop::{Guest, Shop, tree};

/// A line of the list.
struct Call {
    func: String,
    /// As text, in parentheses.
    args: String,
    /// As text, if anything is given.
    given: Option<String>,
    /// The guest that cannot answer, if there is one.
    not: Option<String>,
}

fn calls() -> Vec<Call> {
    let text = std::fs::read_to_string(tree("examples/components/calls.txt")).expect("the list");
    let mut not = None;
    let mut calls = Vec::new();
    for line in text.lines().filter(|it| !it.is_empty()) {
        if let Some(mark) = line.strip_prefix("# not ") {
            not = mark.split_once(':').map(|(guest, _)| guest.to_owned());
        } else if !line.starts_with('#') {
            let (call, given) = match line.split_once(" -> ") {
                Some((call, given)) => (call, Some(given.to_owned())),
                None => (line, None),
            };
            let (func, _) = call.split_once('(').expect("arguments");
            calls.push(Call {
                func: func.to_owned(),
                args: call[func.len()..].to_owned(),
                given,
                not: not.take(),
            });
        }
    }
    calls
}

impl Call {
    fn args(&self, ty: &WitFuncType) -> Vec<WitValue> {
        if ty.params.is_empty() {
            assert_eq!(self.args, "()");
            return Vec::new();
        }
        let types: Vec<WitType> = ty.params.iter().map(|it| it.ty.clone()).collect();
        match WitValue::parse(&WitType::Tuple(types.into()), &self.args) {
            Ok(WitValue::Tuple(args)) => args,
            other => panic!("{}{}: {other:?}", self.func, self.args),
        }
    }

    /// What is wrong with the answer of a guest, if anything. Values are compared by their text, so that NaN is NaN.
    fn wrong(&self, shop: &Shop) -> Option<String> {
        let func = shop.func(&self.func);
        let args = self.args(func.ty());
        let wanted = match (self.given.as_deref(), &func.ty().result) {
            (Some("same"), _) => Some(args[0].to_text()),
            (Some(text), Some(ty)) => Some(WitValue::parse(ty, text).expect(text).to_text()),
            (text, ty) => {
                assert_eq!((text, ty), (None, &None), "{}", self.func);
                None
            }
        };
        let given = match func.call(&args) {
            Ok(given) => given.map(|it| it.to_text()),
            Err(error) => Some(error.to_string()),
        };
        (given != wanted)
            .then(|| format!("{}{}: {given:?} is not {wanted:?}", self.func, self.args))
    }
}

/// Twice, so that it shows if a call leaves the guest in disorder.
pub(crate) fn every_call_is_answered(guest: &Guest) {
    let shop = guest.open();
    let calls: Vec<Call> = calls()
        .into_iter()
        .filter(|it| it.not.as_deref() != Some(guest.name))
        .collect();
    assert!(calls.len() > 130, "{} calls", calls.len());
    for round in 0..2 {
        let wrong: Vec<String> = calls.iter().filter_map(|it| it.wrong(&shop)).collect();
        assert!(
            wrong.is_empty(),
            "{} in round {round}:\n{}",
            guest.name,
            wrong.join("\n")
        );
        let logged = shop.office.logged();
        assert_eq!(
            logged,
            [
                "info: greet Ada",
                "info: greet ",
                "info: greet Zoë 漢字 🙂",
                "warning: no code GONE"
            ]
        );
    }
}

/// A guest that can answer after all shall not be marked any more.
pub(crate) fn marks_still_hold(guest: &Guest) {
    for call in calls()
        .iter()
        .filter(|it| it.not.as_deref() == Some(guest.name))
    {
        let wrong = call.wrong(&guest.open());
        assert!(
            wrong.is_some(),
            "{}{} is answered: take its mark away",
            call.func,
            call.args
        );
    }
}
