//! The layout of each thing that crosses in a frame, written once for all hosts. Where nothing else is said, it is the
//! fields in the order in which they stand here.

use std::collections::HashMap;

use super::{FromFrame, Reader, ToFrame, Writer};
use crate::{
    Access, Ask, Clock, CompileCache, CustomSection, EngineOptions, Error, ExternType, FieldType,
    Frame, FuncType, GcType, GlobalType, ImportType, Input, Inspection, Limits, MemoryDir,
    MemoryType, Output, Policy, Producer, Random, Result, Sandbox, Stdio, TableType, Type, Usage,
    World,
};

/// The fields of a struct, all of them: one that is left out does not compile. Then what a method of it gives.
macro_rules! to_frame {
    ($Struct:ident { $($field:ident),* $(,)? } $($method:ident)?) => {
        impl ToFrame for $Struct {
            fn put(&self, frame: &mut Writer) {
                let $Struct { $($field),* } = self;
                $($field.put(frame);)*
                $(self.$method().put(frame);)?
            }
        }
    };
}

/// The same, for what is read too.
macro_rules! both_ways {
    ($Struct:ident { $($field:ident),* $(,)? }) => {
        to_frame!($Struct { $($field),* });

        impl FromFrame<'_> for $Struct {
            fn get(frame: &mut Reader<'_>) -> Result<$Struct> {
                Ok($Struct { $($field: FromFrame::get(frame)?),* })
            }
        }
    };
}

both_ways!(Limits {
    // generated: rust.limit_names
    memory_bytes,
    table_elements,
    instances,
    fuel,
    output_bytes,
    written_bytes,
    open_files,
    timeout,
    transfer_bytes,
    handles,
    // end generated
});

to_frame!(Usage {
    // generated: rust.usage_names
    memory_bytes,
    peak_memory_bytes,
    table_elements,
    instances,
    output_bytes,
    written_bytes,
    open_files,
    fuel_used,
    last_call,
    handles,
    // end generated
});

/// Options in the order of their fields; what is not there is as it usually is.
impl FromFrame<'_> for EngineOptions {
    fn get(frame: &mut Reader<'_>) -> Result<EngineOptions> {
        let usual = EngineOptions::default();
        let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        Ok(EngineOptions {
            // generated: rust.options_from_frame
            interruptible: Option::get(frame)?.unwrap_or(usual.interruptible),
            stack_bytes: Option::get(frame)?.map_or(usual.stack_bytes, size),
            cache: Option::get(frame)?.unwrap_or(usual.cache),
            wide_arithmetic: Option::get(frame)?.unwrap_or(usual.wide_arithmetic),
            custom_page_sizes: Option::get(frame)?.unwrap_or(usual.custom_page_sizes),
            call_threads: Option::get(frame)?.map_or(usual.call_threads, size),
            signal_handlers: Option::get(frame)?.unwrap_or(usual.signal_handlers),
            compile_cost: Option::get(frame)?.unwrap_or(usual.compile_cost),
            memory_reservation_bytes: Option::get(frame)?.unwrap_or(usual.memory_reservation_bytes),
            deterministic: Option::get(frame)?.unwrap_or(usual.deterministic),
            pool_slots: Option::get(frame)?.map_or(usual.pool_slots, size),
            // end generated
        })
    }
}

/// A byte: 0 for the user's, 1 for nowhere, 2 for a folder and its path.
impl FromFrame<'_> for CompileCache {
    fn get(frame: &mut Reader<'_>) -> Result<CompileCache> {
        match frame.byte()? {
            0 => Ok(CompileCache::User),
            1 => Ok(CompileCache::Off),
            2 => String::get(frame).map(|folder| CompileCache::Folder(folder.into())),
            other => Err(frame.wrong(&format!("{other} is no place for compiled code"))),
        }
    }
}

// Types.

/// A byte: its number.
impl ToFrame for Type {
    fn put(&self, frame: &mut Writer) {
        frame.byte(*self as u8);
    }
}

impl FromFrame<'_> for Type {
    fn get(frame: &mut Reader<'_>) -> Result<Type> {
        let number = frame.byte()?;
        let found = Type::ALL.iter().find(|ty| **ty as u8 == number);
        let unknown = || frame.wrong(&format!("{number} is not the number of a type"));
        found.copied().ok_or_else(unknown)
    }
}

/// The lists of parameters and of results.
impl ToFrame for FuncType {
    fn put(&self, frame: &mut Writer) {
        self.params().put(frame);
        self.results().put(frame);
    }
}

impl FromFrame<'_> for FuncType {
    fn get(frame: &mut Reader<'_>) -> Result<FuncType> {
        let params = Vec::get(frame)?;
        Ok(FuncType::new(params, Vec::get(frame)?))
    }
}

both_ways!(MemoryType {
    min,
    max,
    is_64,
    page_bytes,
});

both_ways!(TableType {
    element,
    min,
    max,
    is_64,
});

both_ways!(GlobalType { content, mutable });

/// A byte that says which sort it is, what the sort has, and the text form.
impl ToFrame for ExternType {
    fn put(&self, frame: &mut Writer) {
        match self {
            ExternType::Func(ty) => case(frame, 1, ty),
            ExternType::Memory(ty) => case(frame, 2, ty),
            ExternType::Table(ty) => case(frame, 3, ty),
            ExternType::Global(ty) => case(frame, 4, ty),
            ExternType::Tag(ty) => case(frame, 5, ty),
        }
        self.to_string().put(frame);
    }
}

fn case(frame: &mut Writer, number: u8, of: &dyn ToFrame) {
    frame.byte(number);
    of.put(frame);
}

/// A byte, 1 for a struct and 2 for an array, the list of fields or the element, and the text form.
impl ToFrame for GcType {
    fn put(&self, frame: &mut Writer) {
        match self {
            GcType::Struct(fields) => case(frame, 1, &&fields[..]),
            GcType::Array(element) => case(frame, 2, element),
        }
        self.to_string().put(frame);
    }
}

/// Its storage's name, the type of its values, and whether it can be written.
impl ToFrame for FieldType {
    fn put(&self, frame: &mut Writer) {
        self.storage.name().put(frame);
        self.storage.ty().put(frame);
        self.mutable.put(frame);
    }
}

/// Each type once, since many imports may have the same large one; then module, name and the place of its type for
/// each.
impl ToFrame for [ImportType] {
    fn put(&self, frame: &mut Writer) {
        let places = put_types(frame, self.iter().map(|it| &it.ty));
        frame.list(self.iter().zip(places), |frame, (import, place)| {
            import.module.put(frame);
            import.name.put(frame);
            place.put(frame);
        });
    }
}

/// The same of exports: each type once, then name and the place of its type.
impl ToFrame for [(String, ExternType)] {
    fn put(&self, frame: &mut Writer) {
        let places = put_types(frame, self.iter().map(|(_, ty)| ty));
        frame.list(self.iter().zip(places), |frame, ((name, _), place)| {
            name.put(frame);
            place.put(frame);
        });
    }
}

/// Adds the list of those that differ; gives the place of each in it.
fn put_types<'a>(frame: &mut Writer, all: impl Iterator<Item = &'a ExternType>) -> Vec<u32> {
    let (mut known, mut different) = (HashMap::new(), Vec::new());
    let place = |ty: &'a ExternType| {
        *known.entry(ty).or_insert_with(|| {
            different.push(ty);
            different.len() as u32 - 1
        })
    };
    let places = all.map(place).collect();
    different.put(frame);
    places
}

// Inspection.

to_frame!(Inspection {
    name,
    imports,
    asks,
    built_for,
    exports,
    memories,
    features,
    compile_cost,
    custom_sections,
    producers,
    target_features,
    world,
} to_json);

/// As a text for people; all of it is in the JSON.
impl ToFrame for World {
    fn put(&self, frame: &mut Writer) {
        self.to_string().put(frame);
    }
}

to_frame!(Ask { what, functions });

to_frame!(CustomSection { name, bytes });

to_frame!(Producer {
    field,
    name,
    version,
});

// Errors. A host's own exception stays beside the frame.

/// The numbers of its kind and, if it has one, of its trap code; exit code, message, frames, the numbers of its
/// trail, output; what the system said, and of which path.
impl ToFrame for Error {
    fn put(&self, frame: &mut Writer) {
        self.kind().number().put(frame);
        self.trap_code().map(|code| code.number()).put(frame);
        self.exit_code().put(frame);
        self.message().put(frame);
        self.frames().put(frame);
        frame.list(&self.trail().to_numbers(), |frame, number| {
            number.put(frame)
        });
        self.output().put(frame);
        self.os_code().put(frame);
        let path = self.path().map(|path| path.to_string_lossy());
        path.as_deref().put(frame);
    }
}

/// Module, index and name of the function, offset, and the text form.
impl ToFrame for Frame {
    fn put(&self, frame: &mut Writer) {
        self.module.put(frame);
        self.func_index.put(frame);
        self.func_name.put(frame);
        self.module_offset.map(|it| it as u64).put(frame);
        self.to_string().put(frame);
    }
}

// Policies. What they grant of networks is asked as JSON.

/// Folders of the host, with their names, paths and access; those in memory; variables, with names and values;
/// arguments; clock and random numbers.
impl ToFrame for Policy {
    fn put(&self, frame: &mut Writer) {
        frame.list(self.dirs(), |frame, (name, dir)| {
            name.put(frame);
            dir.path.to_string_lossy().as_ref().put(frame);
            dir.access.put(frame);
        });
        frame.list(self.memory_dirs(), |frame, (name, dir)| {
            name.put(frame);
            dir.put(frame);
        });
        frame.list(self.env(), |frame, (name, value)| {
            name.put(frame);
            value.put(frame);
        });
        self.args().put(frame);
        self.clock().put(frame);
        self.random().put(frame);
    }
}

/// Whether a guest may write.
impl ToFrame for Access {
    fn put(&self, frame: &mut Writer) {
        (*self == Access::Write).put(frame);
    }
}

/// The files, with their paths and contents, and the access.
impl ToFrame for MemoryDir {
    fn put(&self, frame: &mut Writer) {
        frame.list(self.files(), |frame, (path, bytes)| {
            path.put(frame);
            bytes.put(frame);
        });
        self.access().put(frame);
    }
}

/// A byte: 0 none, 1 fixed, 2 stepped, 3 the real one; then the nanoseconds, of a `u64` each.
impl ToFrame for Clock {
    fn put(&self, frame: &mut Writer) {
        match self {
            Clock::None => frame.byte(0),
            Clock::Fixed(at) => case(frame, 1, at),
            Clock::Stepped { start, step } => {
                case(frame, 2, start);
                step.put(frame);
            }
            Clock::Real => frame.byte(3),
        }
    }
}

/// A byte: 0 none, 1 from a seed, which follows as a `u64`, 2 secure.
impl ToFrame for Random {
    fn put(&self, frame: &mut Writer) {
        match self {
            Random::None => frame.byte(0),
            Random::Seeded(seed) => case(frame, 1, seed),
            Random::Secure => frame.byte(2),
        }
    }
}

// What a store is made with.

/// A function of the host's that takes what a guest writes, by the number that the host gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// It takes the bytes as they come.
    Bytes(u32),
    /// It takes whole lines of text.
    Lines(u32),
}

/// Reads the frame of a sandbox: its limits, then stdin, stdout, stderr and refusals. A policy is beside it, and
/// `function` makes the output for a function.
///
/// A stream is a byte and what belongs to it: 0 nothing, 1 inherited, 2 captured (of stdin: the bytes), 3 a file with
/// its path, 4 a function with its number, 5 one that takes lines.
///
/// # Errors
/// As [`read`](super::read), and those of `function`.
pub fn sandbox(
    frame: &[u8],
    policy: Policy,
    mut function: impl FnMut(Function) -> Result<Output>,
) -> Result<Sandbox> {
    let mut frame = Reader::new(frame)?;
    let sandbox = Sandbox {
        policy,
        limits: Limits::get(&mut frame)?,
        stdio: Stdio {
            stdin: Input::get(&mut frame)?,
            stdout: output(&mut frame, &mut function)?,
            stderr: output(&mut frame, &mut function)?,
            refusals: output(&mut frame, &mut function)?,
        },
    };
    frame.end()?;
    Ok(sandbox)
}

impl FromFrame<'_> for Input {
    fn get(frame: &mut Reader<'_>) -> Result<Input> {
        Ok(match frame.byte()? {
            0 => Input::None,
            1 => Input::Inherit,
            2 => Input::Bytes(Vec::get(frame)?),
            3 => Input::File(<&str>::get(frame)?.into()),
            other => return Err(unknown(frame, other)),
        })
    }
}

fn output(
    frame: &mut Reader<'_>,
    function: &mut impl FnMut(Function) -> Result<Output>,
) -> Result<Output> {
    Ok(match frame.byte()? {
        0 => Output::None,
        1 => Output::Inherit,
        2 => Output::Capture,
        3 => Output::File(<&str>::get(frame)?.into()),
        4 => function(Function::Bytes(u32::get(frame)?))?,
        5 => function(Function::Lines(u32::get(frame)?))?,
        other => return Err(unknown(frame, other)),
    })
}

#[cold]
pub(super) fn unknown(frame: &Reader<'_>, sort: u8) -> Error {
    frame.wrong(&format!("there is no sort {sort}"))
}
