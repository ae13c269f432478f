//! What a section of the header declares, read from its text: what cbindgen writes and what stands in `header/`.

/// Something with a name and its comment.
pub(crate) struct Declared {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) what: What,
}

pub(crate) enum What {
    Function(Signature),
    Callback(Signature),
    /// `struct` or `union`.
    Members(&'static str, Vec<Member>),
    Opaque,
    /// Another name of a number's type.
    Number(String),
    /// Names with their numbers and comments.
    Enum(Vec<(String, i64, String)>),
    Constant(String),
}

pub(crate) struct Signature {
    pub(crate) result: String,
    pub(crate) params: Vec<Place>,
}

/// A parameter: its type as C has it, and its name.
pub(crate) struct Place {
    pub(crate) ty: String,
    pub(crate) name: String,
}

pub(crate) struct Member {
    pub(crate) doc: String,
    pub(crate) name: String,
    pub(crate) ty: MemberType,
}

pub(crate) enum MemberType {
    Plain(String),
    Function(Signature),
}

/// All that a section declares. What only a compiler of C can use (inline functions, macros with parameters)
/// is left out.
pub(crate) fn declared(section: &str) -> Vec<Declared> {
    let (mut all, mut doc) = (Vec::new(), String::new());
    let mut lines = section.lines();
    while let Some(line) = lines.next() {
        let mut until = |end: &dyn Fn(&str) -> bool| {
            let mut code = line.to_owned();
            while !end(code.lines().last().unwrap_or("")) {
                code += "\n";
                code += lines.next().expect("a declaration ends");
            }
            code
        };
        if let Some(more) = line.strip_prefix("///") {
            push_doc(&mut doc, more);
            continue;
        }
        if line.starts_with("#ifdef __cplusplus") {
            until(&|line| line.starts_with("#else") || line.starts_with("#endif"));
        } else if line.starts_with("#define ") {
            let code = until(&|line| !line.ends_with('\\'));
            all.extend(constant(&code, std::mem::take(&mut doc)));
        } else if line.starts_with("static inline") {
            until(&|line| line == "}");
        } else if line.starts_with("enum {") {
            let code = until(&|line| line == "};");
            all.push(numbers(&code, std::mem::take(&mut doc)));
        } else if line.starts_with("typedef") && line.ends_with('{') {
            let code = until(&|line| line.starts_with('}'));
            all.push(members(&code, std::mem::take(&mut doc)));
        } else if let Some(name) = line
            .strip_prefix("struct ")
            .and_then(|it| it.strip_suffix(" {"))
        {
            // What was declared before, since structs are made of each other.
            all.retain(|it: &Declared| it.name != name);
            let code = until(&|line| line.starts_with('}')).replace("};", &format!("}} {name};"));
            all.push(members(&code, std::mem::take(&mut doc)));
        } else if line.starts_with(|first: char| first.is_ascii_lowercase()) {
            let code = until(&|line| line.ends_with(';'));
            all.push(declaration(&flat(&code), std::mem::take(&mut doc)));
        }
        doc.clear();
    }
    all
}

/// Lines of a paragraph are joined; code, which is indented, stays as it is.
fn push_doc(doc: &mut String, line: &str) {
    let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
    let was_code = doc
        .lines()
        .last()
        .is_some_and(|last| last.starts_with("    "));
    let is_new = line.is_empty() || line.starts_with("    ") || was_code || doc.ends_with('\n');
    if !doc.is_empty() {
        doc.push(if is_new { '\n' } else { ' ' });
    }
    *doc += line;
}

/// In one line, without what C++ does not need.
fn flat(code: &str) -> String {
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let code = code.replace("struct ", "").replace("union ", "");
    code.trim_end_matches(';').to_owned()
}

fn constant(code: &str, doc: String) -> Option<Declared> {
    let code = code.replace('\\', " ");
    let (name, value) = code.strip_prefix("#define ")?.split_once(' ')?;
    let is_plain = !name.contains('(');
    is_plain.then(|| Declared {
        name: name.to_owned(),
        doc,
        what: What::Constant(value.split_whitespace().collect::<Vec<_>>().join(" ")),
    })
}

fn numbers(code: &str, doc: String) -> Declared {
    let (mut all, mut inner) = (Vec::new(), String::new());
    for line in code.lines().map(str::trim) {
        if let Some(more) = line.strip_prefix("///") {
            push_doc(&mut inner, more);
        } else if let Some((name, number)) = line.split_once(" = ") {
            let number = number.trim_end_matches(',').parse().expect("a number");
            all.push((name.to_owned(), number, std::mem::take(&mut inner)));
        }
    }
    let first = &all.first().expect("an enum has numbers").0;
    let end = first
        .match_indices('_')
        .nth(1)
        .map_or(first.len(), |(at, _)| at + 1);
    Declared {
        name: first[..end].to_owned(),
        doc,
        what: What::Enum(all),
    }
}

fn members(code: &str, doc: String) -> Declared {
    let sort = if code.starts_with("typedef union") {
        "union"
    } else {
        "struct"
    };
    let (_, body) = code.split_once("{\n").expect("a body");
    let (body, name) = body.rsplit_once('}').expect("a body ends");
    let (mut all, mut inner, mut code) = (Vec::new(), String::new(), String::new());
    for line in body.lines().map(str::trim) {
        if let Some(more) = line.strip_prefix("///") {
            push_doc(&mut inner, more);
            continue;
        }
        code += line;
        code += " ";
        if line.ends_with(';') {
            all.push(member(
                &flat(&std::mem::take(&mut code)),
                std::mem::take(&mut inner),
            ));
        }
    }
    Declared {
        name: name.trim_matches([' ', ';']).to_owned(),
        doc,
        what: What::Members(sort, all),
    }
}

fn member(code: &str, doc: String) -> Member {
    if let Some((name, signature)) = function_pointer(code) {
        let ty = MemberType::Function(signature);
        return Member { doc, name, ty };
    }
    let (code, size) = match code.split_once('[') {
        Some((code, size)) => (code, format!("[{size}")),
        None => (code, String::new()),
    };
    let Place { ty, name } = place(code);
    let ty = MemberType::Plain(ty + &size);
    Member { doc, name, ty }
}

fn declaration(code: &str, doc: String) -> Declared {
    let named = |name: &str, what| Declared {
        name: name.to_owned(),
        doc,
        what,
    };
    let Some(code) = code.strip_prefix("typedef ") else {
        let (head, params) = code.split_once('(').expect("a function");
        let Place { ty, name } = place(head);
        return named(&name, What::Function(signature(ty, params)));
    };
    if let Some((name, signature)) = function_pointer(code) {
        return named(&name, What::Callback(signature));
    }
    let Place { ty, name } = place(code);
    match ty == name {
        true => named(&name, What::Opaque),
        false => named(&name, What::Number(ty)),
    }
}

/// `void (*name)(int32_t a)`
fn function_pointer(code: &str) -> Option<(String, Signature)> {
    let (result, rest) = code.split_once("(*")?;
    let (name, params) = rest.split_once(")(")?;
    Some((name.to_owned(), signature(result.trim().to_owned(), params)))
}

fn signature(result: String, params: &str) -> Signature {
    let params = params.trim_end_matches(')');
    let params = params.split(", ").filter(|it| *it != "void");
    Signature {
        result,
        params: params.map(place).collect(),
    }
}

/// `const char *const *args`
fn place(code: &str) -> Place {
    let end = code.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let (ty, name) = code.split_at(end.map_or(0, |at| at + 1));
    Place {
        ty: ty.trim().to_owned(),
        name: name.to_owned(),
    }
}
