//! How a core function puts values that came as parameters into memory.

use std::fmt::Write;

use crate::Type;
use crate::flat::{Core, cases, discriminant_size, fields, flat, layout, payload_at};

/// Stores the parameters, which hold a value of this type, at `$to`.
pub(super) fn stores(ty: &Type, params: &[Core]) -> String {
    let mut stores = Stores {
        params,
        text: String::new(),
    };
    stores.value(ty, 0, 0);
    stores.text
}

struct Stores<'a> {
    params: &'a [Core],
    text: String,
}

impl Stores<'_> {
    fn value(&mut self, ty: &Type, slot: usize, at: usize) {
        match ty {
            Type::Bool | Type::S8 | Type::U8 => self.leaf(Core::I32, "i32.store8", slot, at),
            Type::S16 | Type::U16 => self.leaf(Core::I32, "i32.store16", slot, at),
            Type::S32 | Type::U32 | Type::Char => self.leaf(Core::I32, "i32.store", slot, at),
            Type::S64 | Type::U64 => self.leaf(Core::I64, "i64.store", slot, at),
            Type::F32 => self.leaf(Core::F32, "f32.store", slot, at),
            Type::F64 => self.leaf(Core::F64, "f64.store", slot, at),
            Type::String | Type::List(_) => {
                self.leaf(Core::I32, "i32.store", slot, at);
                self.leaf(Core::I32, "i32.store", slot + 1, at + 4);
            }
            Type::Flags(..) => self.leaf(Core::I32, narrow(layout(ty).0), slot, at),
            Type::Record(..) | Type::Tuple(_) => self.fields(ty, slot, at),
            _ => self.cases(ty, slot, at),
        }
    }

    fn fields(&mut self, ty: &Type, mut slot: usize, at: usize) {
        let mut offset: usize = 0;
        for field in fields(ty) {
            let (size, align) = layout(field);
            offset = offset.next_multiple_of(align);
            self.value(field, slot, at + offset);
            offset += size;
            slot += flat(field).len();
        }
    }

    fn cases(&mut self, ty: &Type, slot: usize, at: usize) {
        let cases = cases(ty);
        self.leaf(Core::I32, narrow(discriminant_size(cases.len())), slot, at);
        for (number, case) in cases.into_iter().enumerate() {
            let Some(case) = case else { continue };
            let wrap = self.convert(slot, Core::I32);
            writeln!(
                self.text,
                "      local.get {slot} {wrap} i32.const {number} i32.eq if"
            )
            .expect("text");
            self.value(case, slot + 1, at + payload_at(ty));
            self.text += "      end\n";
        }
    }

    fn leaf(&mut self, want: Core, store: &str, slot: usize, at: usize) {
        let convert = self.convert(slot, want);
        writeln!(
            self.text,
            "      local.get $to local.get {slot} {convert} {store} offset={at}"
        )
        .expect("text");
    }

    /// From what several cases share a slot in to what this one has there.
    fn convert(&self, slot: usize, want: Core) -> &'static str {
        match (self.params[slot], want) {
            (have, want) if have == want => "",
            (Core::I32, Core::F32) => "f32.reinterpret_i32",
            (Core::I64, Core::I32) => "i32.wrap_i64",
            (Core::I64, Core::F32) => "i32.wrap_i64 f32.reinterpret_i32",
            (Core::I64, Core::F64) => "f64.reinterpret_i64",
            other => unreachable!("{other:?}"),
        }
    }
}

fn narrow(bytes: usize) -> &'static str {
    match bytes {
        1 => "i32.store8",
        2 => "i32.store16",
        _ => "i32.store",
    }
}
