//! The component of a world, as text, in the shape that `wit-component` gives one: tools can read its names.

mod body;
mod definitions;

use std::fmt::Write;

use crate::flat::{Core, flat, layout};
use crate::{Place, Type, World};

use definitions::{Definitions, Place as Defined};

/// A memory, and a function that hands out of it what lies behind what it handed out before.
const LIBC: &str = r#"    (memory (export "memory") 17)
    (global $top (mut i32) (i32.const 1024))
    (func $grow (local $pages i32)
      (local.set $pages (i32.sub
        (i32.shr_u (i32.add (global.get $top) (i32.const 0xffff)) (i32.const 16)) (memory.size)))
      (if (i32.gt_s (local.get $pages) (i32.const 0))
        (then (if (i32.eq (memory.grow (local.get $pages)) (i32.const -1)) (then unreachable)))))
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
      (local $at i32)
      (if (i32.and (i32.ne (local.get $old) (i32.const 0)) (i32.le_u (local.get $new) (local.get $size)))
        (then (return (local.get $old))))
      (local.set $at (i32.and
        (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $top (i32.add (local.get $at) (local.get $new)))
      (call $grow)
      (memory.copy (local.get $at) (local.get $old) (local.get $size))
      (local.get $at))
"#;

/// The text of the component.
pub fn text(world: &World) -> String {
    Echo::new(world).text()
}

/// What the text is made of.
struct Echo<'a> {
    world: &'a World,
    /// The parameters as one type, whose layout they have in memory.
    all: Type,
    flat: Vec<Core>,
}

impl<'a> Echo<'a> {
    fn new(world: &'a World) -> Echo<'a> {
        let all = Type::Tuple(world.params.iter().map(|(_, ty)| ty.clone()).collect());
        Echo {
            world,
            flat: flat(&all),
            all,
        }
    }

    fn text(&self) -> String {
        let (outer, inner) = match &self.world.place {
            Place::World => (Defined::Imported, Defined::Imported),
            Place::Interface { .. } => (Defined::Plain, Defined::Exported),
        };
        let mut own = Definitions::new(outer, "");
        let signature = own.signature(self.world);
        let mut text = String::from("(component\n");
        if self.world.through_host && self.world.api().is_some() {
            text += &self.imported_interface();
        }
        text += &own.text;
        if self.world.through_host && self.world.api().is_none() {
            writeln!(
                text,
                "  (import \"{}\" (func $h {signature}))",
                self.world.host_echo()
            )
            .expect("text");
        }
        text += &self.core();
        let options = self.options();
        let post_return = match self.world.post_return {
            true => " (post-return (core func $libc \"reset\"))",
            false => "",
        };
        writeln!(
            text,
            "  (func $echo {signature} (canon lift (core func $m \"echo\"){options}{post_return}))"
        )
        .expect("text");
        text += &match self.world.api() {
            None => "  (export \"echo\" (func $echo))\n".to_owned(),
            Some(api) => self.exported_interface(&api, &own.names, inner),
        };
        text + ")\n"
    }

    fn options(&self) -> String {
        let encoding = self.world.encoding.name();
        format!(
            " (memory (core memory $libc \"memory\")) (realloc (core func $libc \"realloc\")) string-encoding={encoding}"
        )
    }

    fn imported_interface(&self) -> String {
        let mut types = Definitions::new(Defined::Instance, "h");
        let signature = types.signature(self.world);
        let (host, echo) = (
            self.world.host().expect("an interface"),
            self.world.host_echo(),
        );
        format!(
            "  (import \"{host}\" (instance $h\n{}    (export \"{echo}\" (func {signature}))\n  ))\n",
            types.text
        )
    }

    /// An inner component that exports the types and the function, as those of one interface.
    fn exported_interface(&self, api: &str, names: &[String], place: Defined) -> String {
        let mut imported = Definitions::new(Defined::Imported, "i");
        let import = imported.signature(self.world);
        let mut exported = Definitions::new(place, "e");
        let export = exported.signature(self.world);
        let with: String = names
            .iter()
            .map(|it| format!(" (with \"{it}\" (type ${it}))"))
            .collect();
        format!(
            "  (component $api\n{}    (import \"f\" (func $f {import}))\n{}    (export \"echo\" (func $f) (func {export}))\n  )\n  \
             (instance $api (instantiate $api{with} (with \"f\" (func $echo))))\n  (export \"{api}\" (instance $api))\n",
            imported.text, exported.text
        )
    }

    /// The core modules and their instances.
    fn core(&self) -> String {
        let result = self.core_result();
        let reset = list("param", result.as_slice());
        let mut text = format!(
            "  (core module $libc\n{LIBC}    (func (export \"reset\"){reset} (global.set $top (i32.const 1024)))\n  )\n  \
             (core instance $libc (instantiate $libc))\n"
        );
        let (mut import, mut with) = (String::new(), "");
        if self.world.through_host {
            let of = match self.world.api() {
                None => "$h".to_owned(),
                Some(_) => format!("$h \"{}\"", self.world.host_echo()),
            };
            writeln!(
                text,
                "  (core func $host (canon lower (func {of}){}))",
                self.options()
            )
            .expect("text");
            let mut params = self.core_params();
            params.extend(self.in_memory().then_some(Core::I32));
            let result = if self.in_memory() { None } else { result };
            let ty = list("param", &params) + &list("result", result.as_slice());
            import = format!("    (import \"h\" \"echo\" (func $host{ty}))\n");
            with = " (with \"h\" (instance (export \"echo\" (func $host))))";
        }
        let ty = list("param", &self.core_params()) + &list("result", result.as_slice());
        write!(
            text,
            "  (core module $m\n    (import \"libc\" \"memory\" (memory 0))\n    \
             (import \"libc\" \"realloc\" (func $realloc (param i32 i32 i32 i32) (result i32)))\n\
             {import}    (func (export \"echo\"){ty} (local $to i32)\n{}    )\n  )\n  \
             (core instance $m (instantiate $m (with \"libc\" (instance $libc)){with}))\n",
            self.body()
        )
        .expect("text");
        text
    }

    /// Parameters lie in memory if there are more than sixteen.
    fn core_params(&self) -> Vec<Core> {
        match self.flat.len() > 16 {
            true => vec![Core::I32],
            false => self.flat.clone(),
        }
    }

    /// A result lies in memory if there is more than one.
    fn in_memory(&self) -> bool {
        self.flat.len() > 1
    }

    fn core_result(&self) -> Option<Core> {
        match self.in_memory() {
            true => Some(Core::I32),
            false => self.flat.first().copied(),
        }
    }

    fn body(&self) -> String {
        let params = 0..self.core_params().len();
        let params: String = params.map(|i| format!("      local.get {i}\n")).collect();
        let (size, align) = layout(&self.all);
        let room = format!(
            "      i32.const 0 i32.const 0 i32.const {align} i32.const {size} call $realloc\n"
        );
        match (self.world.through_host, self.in_memory()) {
            (true, true) => format!(
                "{params}{room}      local.tee $to\n      call $host\n      local.get $to\n"
            ),
            (true, false) => params + "      call $host\n",
            (false, true) if self.flat.len() <= 16 => {
                let stores = body::stores(&self.all, &self.flat);
                format!("{room}      local.set $to\n{stores}      local.get $to\n")
            }
            (false, _) => params,
        }
    }
}

fn list(what: &str, types: &[Core]) -> String {
    match types {
        [] => String::new(),
        _ => {
            let names: Vec<_> = types.iter().map(|it| it.name()).collect();
            format!(" ({what} {})", names.join(" "))
        }
    }
}
