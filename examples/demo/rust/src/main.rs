//! Loads modules that others wrote, lets them work on real bytes, and prints one line for each call:
//! host, module, call, result, digest, milliseconds. Every host has this program.

mod shop;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use landbridge::{Error, ErrorKind, Extern, Imports, Instance, Module, Result, Value};

/// FNV-1a, 64 bits.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn line(module: &str, call: &str, result: impl std::fmt::Display, output: &[u8], time: Duration) {
    let (digest, ms) = (digest(output), time.as_secs_f64() * 1e3);
    println!("rust\t{module}\t{call}\t{result}\t{digest:016x}\t{ms:.2}");
}

/// Calls an export and says how long it took.
fn timed(instance: &Instance, name: &str, args: &[Value]) -> Result<(Vec<Value>, Duration)> {
    let start = Instant::now();
    let results = instance.call(name, args)?;
    Ok((results, start.elapsed()))
}

/// The one i32 that a call gives.
fn one(results: &[Value]) -> Result<i32> {
    match results {
        [Value::I32(value)] => Ok(*value),
        other => Err(Error::new(
            ErrorKind::Type,
            format!("expected an i32, got {other:?}"),
        )),
    }
}

/// The bytes of a guest's memory from an address that it gave. Guests count addresses unsigned.
fn bytes(instance: &Instance, address: i32, length: i32) -> Result<Vec<u8>> {
    let address = u64::from(address.cast_unsigned());
    instance
        .memory("memory")?
        .read(address, length.cast_unsigned() as usize)
}

/// Room in a guest, made by its own allocator.
fn room(instance: &Instance, alloc: &str, length: usize) -> Result<i32> {
    one(&instance.call(alloc, &[Value::I32(length as i32)])?)
}

/// Puts bytes into a guest and gives their address and length.
fn put(instance: &Instance, alloc: &str, data: &[u8]) -> Result<(Value, Value)> {
    let address = room(instance, alloc, data.len())?;
    let memory = instance.memory("memory")?;
    memory.write(u64::from(address.cast_unsigned()), data)?;
    Ok((Value::I32(address), Value::I32(data.len() as i32)))
}

struct Demo {
    examples: PathBuf,
    input: Vec<u8>,
}

impl Demo {
    fn file(&self, path: &str) -> Result<Vec<u8>> {
        let path = self.examples.join(path);
        std::fs::read(&path)
            .map_err(|e| Error::new(ErrorKind::Io, format!("{}: {e}", path.display())))
    }

    fn load(&self, path: &str) -> Result<Module> {
        Module::from_file(self.examples.join(path))
    }

    fn sha256(&self) -> Result<()> {
        let guest = self
            .load("guests/sha256.wasm")?
            .instantiate(&Imports::new())?;
        let (data, length) = put(&guest, "alloc", &self.input)?;
        let out = room(&guest, "alloc", 32)?;
        let (results, time) = timed(&guest, "sha256", &[data, length, Value::I32(out)])?;
        let written = one(&results)?;
        line(
            "sha256",
            "sha256",
            written,
            &bytes(&guest, out, written)?,
            time,
        );
        Ok(())
    }

    fn text(&self) -> Result<()> {
        let guest = self
            .load("guests/text.wasm")?
            .instantiate(&Imports::new())?;
        let (data, length) = put(&guest, "alloc", &self.input)?;
        let out = room(&guest, "alloc", self.input.len().div_ceil(3) * 4)?;
        let args = [data.clone(), length.clone(), Value::I32(out)];
        let (results, time) = timed(&guest, "base64", &args)?;
        let written = one(&results)?;
        line(
            "text",
            "base64",
            written,
            &bytes(&guest, out, written)?,
            time,
        );

        let (results, time) = timed(&guest, "entropy", &[data, length])?;
        if let [Value::F64(bits)] = results[..] {
            line(
                "text",
                "entropy",
                format!("{bits:.6}"),
                &bits.to_le_bytes(),
                time,
            );
        }
        Ok(())
    }

    fn lz4(&self) -> Result<()> {
        let guest = self.load("guests/lz4.wasm")?.instantiate(&Imports::new())?;
        let (data, length) = put(&guest, "alloc", &self.input)?;
        let bound = one(&guest.call("compress_bound", std::slice::from_ref(&length))?)?;
        let packed = room(&guest, "alloc", bound as usize)?;
        let (results, time) = timed(
            &guest,
            "compress",
            &[data, length.clone(), Value::I32(packed)],
        )?;
        let size = one(&results)?;
        line("lz4", "compress", size, &bytes(&guest, packed, size)?, time);

        let back = room(&guest, "alloc", self.input.len())?;
        let args = [
            Value::I32(packed),
            Value::I32(size),
            Value::I32(back),
            length,
        ];
        let (results, time) = timed(&guest, "decompress", &args)?;
        let size = one(&results)?;
        line("lz4", "decompress", size, &bytes(&guest, back, size)?, time);
        Ok(())
    }

    fn words(&self) -> Result<()> {
        let guest = self
            .load("guests/words.wasm")?
            .instantiate(&Imports::new())?;
        let (data, length) = put(&guest, "alloc", &self.input)?;
        let (results, time) = timed(&guest, "words", &[data, length])?;
        if let [Value::I64(report)] = results[..] {
            let text = bytes(&guest, (report >> 32) as i32, report as i32)?;
            line("words", "words", report, &text, time);
        }
        Ok(())
    }

    fn xxhash(&self) -> Result<()> {
        let guest = self
            .load("modules/built/xxhash.wasm")?
            .instantiate(&Imports::new())?;
        let memory = guest.memory("mem")?;
        memory.grow(self.input.len().div_ceil(65536) as u64)?;
        memory.write(0, &self.input)?;
        let length = Value::I32(self.input.len() as i32);
        let (results, time) = timed(
            &guest,
            "xxh32",
            &[Value::I32(0), length.clone(), Value::I32(0)],
        )?;
        let hash = one(&results)?;
        line("xxhash", "xxh32", hash, &hash.to_le_bytes(), time);

        let (results, time) = timed(&guest, "xxh64", &[Value::I32(0), length, Value::I64(0)])?;
        if let [Value::I64(hash)] = results[..] {
            line("xxhash", "xxh64", hash, &hash.to_le_bytes(), time);
        }
        Ok(())
    }

    fn llhttp(&self) -> Result<()> {
        let events = Arc::new(Mutex::new(Vec::new()));
        let mut imports = Imports::new();
        for name in CALLBACKS {
            let events = events.clone();
            imports.func("env", name, move |context, args| {
                let mut events = events.lock().unwrap();
                event(&mut events, name, args);
                if let [_, Value::I32(at), Value::I32(length)] = args
                    && let Some(Extern::Memory(memory)) = context.export("memory")
                {
                    events.extend(memory.read(*at as u64, *length as usize)?);
                }
                Ok(vec![Value::I32(0)])
            });
        }
        let guest = self
            .load("modules/built/llhttp.wasm")?
            .instantiate(&imports)?;
        for (kind, name) in MESSAGES {
            events.lock().unwrap().clear();
            let parser = Value::I32(one(&guest.call("llhttp_alloc", &[Value::I32(kind)])?)?);
            let (data, length) = put(&guest, "malloc", &self.file(name)?)?;
            let (results, time) = timed(&guest, "llhttp_execute", &[parser, data, length])?;
            let (status, events) = (one(&results)?, events.lock().unwrap());
            line("llhttp", "llhttp_execute", status, &events, time);
        }
        Ok(())
    }

    fn mappings(&self) -> Result<()> {
        let found = Arc::new(Mutex::new((0, Vec::new())));
        let mut imports = Imports::new();
        let heard = found.clone();
        imports.func("env", "mapping_callback", move |_, args| {
            let (count, events) = &mut *heard.lock().unwrap();
            *count += 1;
            event(events, "mapping_callback", args);
            Ok(vec![])
        });
        let guest = self
            .load("modules/built/mappings.wasm")?
            .instantiate(&imports)?;
        let (data, _) = put(
            &guest,
            "allocate_mappings",
            &self.file("modules/built/mappings.txt")?,
        )?;
        let (results, time) = timed(&guest, "parse_mappings", &[data])?;
        let mappings = one(&results)?;
        line(
            "mappings",
            "parse_mappings",
            mappings,
            &mappings.to_le_bytes(),
            time,
        );

        let (_, time) = timed(&guest, "by_generated_location", &results)?;
        let (count, events) = &*found.lock().unwrap();
        line("mappings", "by_generated_location", count, events, time);
        Ok(())
    }

    fn trap(&self) -> Result<()> {
        let guest = self.load("demo/trap.wat")?.instantiate(&Imports::new())?;
        let start = Instant::now();
        let Err(error) = guest.call("div", &[Value::I32(1), Value::I32(0)]) else {
            return Err(Error::new(
                ErrorKind::Internal,
                "a division by zero did not trap",
            ));
        };
        let code = error.trap_code().map_or("", |code| code.name());
        let frame = error
            .frames()
            .first()
            .and_then(|frame| frame.func_name.clone());
        let output = frame.unwrap_or_default().into_bytes();
        line(
            "trap",
            "div",
            format!("{} {code}", error.kind()),
            &output,
            start.elapsed(),
        );
        Ok(())
    }
}

/// Notes a callback: its name, then its arguments.
fn event(events: &mut Vec<u8>, name: &str, args: &[Value]) {
    events.extend_from_slice(name.as_bytes());
    for arg in args {
        if let Value::I32(arg) = arg {
            events.extend_from_slice(&arg.to_le_bytes());
        }
    }
}

/// Kinds of messages, as llhttp counts them, with one of each.
const MESSAGES: [(i32, &str); 2] = [
    (1, "modules/built/request.http"),
    (2, "modules/built/response.http"),
];

const CALLBACKS: [&str; 8] = [
    "wasm_on_message_begin",
    "wasm_on_url",
    "wasm_on_status",
    "wasm_on_header_field",
    "wasm_on_header_value",
    "wasm_on_headers_complete",
    "wasm_on_body",
    "wasm_on_message_complete",
];

fn main() -> Result<()> {
    let examples = std::env::args_os()
        .nth(1)
        .unwrap_or_else(|| "examples".into());
    let mut demo = Demo {
        examples: examples.into(),
        input: Vec::new(),
    };
    demo.input = demo.file("modules/built/input.bin")?;
    demo.sha256()?;
    demo.text()?;
    demo.lz4()?;
    demo.words()?;
    demo.xxhash()?;
    demo.llhttp()?;
    demo.mappings()?;
    demo.shop()?;
    demo.trap()
}
