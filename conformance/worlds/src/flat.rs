//! The canonical ABI of a type, worked out here: a second opinion on the engine's.

use crate::Type;

/// A type of a core function.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "they are as WebAssembly has them")]
pub enum Core {
    I32,
    I64,
    F32,
    F64,
}

impl Core {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Core::I32 => "i32",
            Core::I64 => "i64",
            Core::F32 => "f32",
            Core::F64 => "f64",
        }
    }

    /// What holds either.
    fn join(self, other: Core) -> Core {
        match (self, other) {
            _ if self == other => self,
            (Core::I32, Core::F32) | (Core::F32, Core::I32) => Core::I32,
            _ => Core::I64,
        }
    }
}

/// How many bytes the number of a case takes.
pub fn discriminant_size(cases: usize) -> usize {
    match cases {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

/// Size and alignment in memory, in bytes.
pub fn layout(ty: &Type) -> (usize, usize) {
    match ty {
        Type::Bool | Type::S8 | Type::U8 => (1, 1),
        Type::S16 | Type::U16 => (2, 2),
        Type::S32 | Type::U32 | Type::F32 | Type::Char => (4, 4),
        Type::S64 | Type::U64 | Type::F64 => (8, 8),
        Type::String | Type::List(_) => (8, 4),
        Type::Flags(_, names) => match names.len() {
            0..=8 => (1, 1),
            9..=16 => (2, 2),
            _ => (4, 4),
        },
        Type::Record(..) | Type::Tuple(_) => {
            let (mut size, mut align) = (0, 1);
            for field in fields(ty) {
                let (bytes, to) = layout(field);
                size = usize::next_multiple_of(size, to) + bytes;
                align = align.max(to);
            }
            (size.next_multiple_of(align), align)
        }
        _ => {
            let discriminant = discriminant_size(cases(ty).len());
            let (mut size, mut align) = (0, discriminant);
            for case in cases(ty).into_iter().flatten() {
                let (bytes, to) = layout(case);
                (size, align) = (size.max(bytes), align.max(to));
            }
            let size = discriminant.next_multiple_of(align) + size;
            (size.next_multiple_of(align), align)
        }
    }
}

/// Where what a case holds begins.
pub(crate) fn payload_at(ty: &Type) -> usize {
    discriminant_size(cases(ty).len()).next_multiple_of(payload_align(ty))
}

fn payload_align(ty: &Type) -> usize {
    let aligns = cases(ty).into_iter().flatten().map(|it| layout(it).1);
    aligns.max().unwrap_or(1)
}

/// The core values that one takes in parameters.
pub fn flat(ty: &Type) -> Vec<Core> {
    match ty {
        Type::S64 | Type::U64 => vec![Core::I64],
        Type::F32 => vec![Core::F32],
        Type::F64 => vec![Core::F64],
        Type::String | Type::List(_) => vec![Core::I32; 2],
        Type::Record(..) | Type::Tuple(_) => fields(ty).into_iter().flat_map(flat).collect(),
        Type::Variant(..) | Type::Option(_) | Type::Result(..) => {
            let mut all = vec![Core::I32];
            for case in cases(ty).into_iter().flatten() {
                for (i, core) in flat(case).into_iter().enumerate() {
                    match all.get_mut(i + 1) {
                        Some(before) => *before = before.join(core),
                        None => all.push(core),
                    }
                }
            }
            all
        }
        _ => vec![Core::I32],
    }
}

pub(crate) fn fields(ty: &Type) -> Vec<&Type> {
    match ty {
        Type::Record(_, fields) => fields.iter().map(|(_, ty)| ty).collect(),
        Type::Tuple(types) => types.iter().collect(),
        _ => unreachable!("{ty:?} has no fields"),
    }
}

pub(crate) fn cases(ty: &Type) -> Vec<Option<&Type>> {
    match ty {
        Type::Variant(_, cases) => cases.iter().map(|(_, ty)| ty.as_ref()).collect(),
        Type::Enum(_, names) => vec![None; names.len()],
        Type::Option(ty) => vec![None, Some(ty)],
        Type::Result(ok, err) => vec![ok.as_deref(), err.as_deref()],
        _ => unreachable!("{ty:?} has no cases"),
    }
}
