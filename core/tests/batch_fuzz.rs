//! Batches against a plain loop of calls: random signatures, rows, nulls, offsets and selections.

use landbridge::{
    Batch, Bitmap, Columns, Func, FuncType, Imports, MapArg, Module, Result, Slot, Type,
};

/// A generator that is the same on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn types(&mut self, most: u64) -> Vec<Type> {
        let all = [Type::I32, Type::I64, Type::F32, Type::F64];
        (0..=self.below(most))
            .skip(1)
            .map(|_| all[self.below(4) as usize])
            .collect()
    }
}

/// A function that mixes its arguments, and traps where their sum as integers is a multiple of 1009.
fn guest(params: &[Type], results: &[Type]) -> String {
    let list = |word: &str, types: &[Type]| {
        let types: String = types.iter().map(|ty| format!(" {ty}")).collect();
        format!("({word}{types})")
    };
    let as_i64 = |(n, ty): (usize, &Type)| match ty {
        Type::I32 => format!("(i64.extend_i32_s (local.get {n}))"),
        Type::I64 => format!("(local.get {n})"),
        Type::F32 => format!("(i64.extend_i32_s (i32.reinterpret_f32 (local.get {n})))"),
        _ => format!("(i64.reinterpret_f64 (local.get {n}))"),
    };
    let sum = params.iter().enumerate().map(as_i64);
    let sum = sum.fold("(i64.const 1)".to_owned(), |sum, one| {
        format!("(i64.add (i64.mul {sum} (i64.const 31)) {one})")
    });
    let result = |(n, ty): (usize, &Type)| {
        let mixed = format!("(i64.xor (local.get $sum) (i64.const {}))", n * 7919 + 1);
        match ty {
            Type::I32 => format!("(i32.wrap_i64 {mixed})"),
            Type::I64 => mixed,
            Type::F32 => format!("(f32.reinterpret_i32 (i32.wrap_i64 {mixed}))"),
            _ => format!("(f64.reinterpret_i64 {mixed})"),
        }
    };
    let values: String = results.iter().enumerate().map(result).collect();
    format!(
        "(module (func (export \"f\") {} {} (local $sum i64) (local.set $sum {sum})
           (if (i64.eqz (i64.rem_u (local.get $sum) (i64.const 1009))) (then unreachable)) {values}))",
        list("param", params),
        list("result", results)
    )
}

fn size(ty: Type) -> usize {
    match ty {
        Type::I32 | Type::F32 => 4,
        _ => 8,
    }
}

/// Columns as bytes, for any type.
#[derive(Clone, PartialEq, Debug)]
struct Bytes {
    args: Vec<Vec<u8>>,
    results: Vec<Vec<u8>>,
    sizes: (Vec<usize>, Vec<usize>),
}

impl Columns for Bytes {
    fn read(&mut self, column: usize, first: usize, to: &mut [u8]) -> Result<()> {
        let at = first * self.sizes.0[column];
        to.copy_from_slice(&self.args[column][at..at + to.len()]);
        Ok(())
    }

    fn write(&mut self, column: usize, first: usize, from: &[u8]) -> Result<()> {
        let at = first * self.sizes.1[column];
        self.results[column][at..at + from.len()].copy_from_slice(from);
        Ok(())
    }
}

/// One call a row; the row that fails, and its error's text.
fn by_calls(func: &Func, batch: &Batch<'_>, columns: &mut Bytes) -> Option<(u64, String)> {
    let mut valid = vec![0; batch.rows.div_ceil(8)];
    batch.validity(&mut valid);
    for row in 0..batch.rows {
        if batch
            .selection
            .is_some_and(|it| it.binary_search(&(row as u64)).is_err())
        {
            continue;
        }
        let mut slots = vec![Slot::zero(); func.ty().slots()];
        if valid[row / 8] >> (row % 8) & 1 == 1 {
            for (n, arg) in batch.args.iter().enumerate() {
                slots[n] = match arg {
                    MapArg::Scalar(slot) => *slot,
                    MapArg::Column { ty, .. } => {
                        let mut bytes = [0; 8];
                        let at = row * size(*ty);
                        bytes[..size(*ty)].copy_from_slice(&columns.args[n][at..at + size(*ty)]);
                        Slot::from_i64(i64::from_le_bytes(bytes))
                    }
                };
            }
            if let Err(error) = func.call_raw(&mut slots) {
                return Some((row as u64, format!("row {row}: {}", error.message())));
            }
        }
        for (n, ty) in func.ty().results().iter().enumerate() {
            let bytes = slots[n].as_i64().to_le_bytes();
            let at = row * size(*ty);
            columns.results[n][at..at + size(*ty)].copy_from_slice(&bytes[..size(*ty)]);
        }
    }
    None
}

fn columns(dice: &mut Dice, ty: &FuncType, rows: usize) -> Bytes {
    let sizes = |types: &[Type]| types.iter().map(|ty| size(*ty)).collect::<Vec<_>>();
    let sizes = (sizes(ty.params()), sizes(ty.results()));
    let mut random = |size: &usize| (0..rows * size).map(|_| dice.next() as u8).collect();
    Bytes {
        args: sizes.0.iter().map(&mut random).collect(),
        results: sizes.1.iter().map(&mut random).collect(),
        sizes,
    }
}

/// One batch of a function.
fn once(dice: &mut Dice, func: &Func) {
    let rows = match dice.below(4) {
        0 => dice.below(20),
        1 => dice.below(700),
        _ => dice.below(9000),
    } as usize;
    let mut mapped = columns(dice, func.ty(), rows);
    let offset = dice.below(20) as usize;
    let bitmaps: Vec<Vec<u8>> = func
        .ty()
        .params()
        .iter()
        .map(|_| {
            let rare = 1 + dice.below(5);
            (0..(rows + offset).div_ceil(8))
                .map(|_| (0..rare).fold(0, |bits, _| bits | dice.next() as u8))
                .collect()
        })
        .collect();
    let args: Vec<MapArg<'_>> = func
        .ty()
        .params()
        .iter()
        .zip(&bitmaps)
        .map(|(ty, bits)| match dice.below(5) {
            0 => MapArg::Scalar(Slot::from_i64(
                dice.next() as i64 & if size(*ty) == 4 { 0xFFFF_FFFF } else { -1 },
            )),
            1 => MapArg::Column {
                ty: *ty,
                validity: Some(Bitmap::new(bits, offset)),
            },
            _ => MapArg::column(*ty),
        })
        .collect();
    let share = 1 + dice.below(6);
    let selection: Vec<u64> = (0..rows as u64).filter(|_| !dice.one_in(share)).collect();
    let batch = Batch {
        rows,
        args: &args,
        selection: dice.one_in(3).then_some(&selection),
    };
    let mut called = mapped.clone();
    let expected = by_calls(func, &batch, &mut called);
    let found = func.map_columns(&batch, &mut mapped).err();
    let found = found.map(|error| (error.row().unwrap(), error.message().to_owned()));
    assert_eq!(found, expected, "{} over {rows} rows", func.ty());
    assert!(mapped == called, "{} over {rows} rows differs", func.ty());
}

#[test]
fn a_batch_is_what_a_loop_of_calls_is() {
    let seed = std::env::var("LANDBRIDGE_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let mut dice = Dice(seed.unwrap_or(0x9E37_79B9_7F4A_7C15));
    for _ in 0..40 {
        let most = if dice.one_in(8) { 60 } else { 6 };
        let (params, results) = (dice.types(most), dice.types(4));
        let module = Module::new(guest(&params, &results)).unwrap();
        let func = module
            .instantiate(&Imports::new())
            .unwrap()
            .func("f")
            .unwrap();
        for _ in 0..12 {
            once(&mut dice, &func);
        }
    }
}
