//! Batches: a function over columns.

use landbridge::{
    Batch, Bitmap, ColumnSpan, Columns, Error, ErrorKind, Func, Imports, Instance, MapArg, Module,
    Result, Slot, Type,
};

const WAT: &str = r#"(module
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "mix") (param i64 f32 i32 f64) (result f64)
    (f64.add (f64.add (f64.convert_i64_s (local.get 0)) (f64.promote_f32 (local.get 1)))
             (f64.add (f64.convert_i32_s (local.get 2)) (local.get 3))))
  (func (export "divmod") (param i64 i64) (result i64 i64)
    (i64.div_s (local.get 0) (local.get 1)) (i64.rem_s (local.get 0) (local.get 1)))
  (global $count (export "count") (mut i32) (i32.const 0))
  (func (export "tick") (global.set $count (i32.add (global.get $count) (i32.const 1))))
  (func (export "vector") (param v128)))"#;

fn instance() -> Instance {
    Module::new(WAT)
        .unwrap()
        .instantiate(&Imports::new())
        .unwrap()
}

fn func(name: &str) -> Func {
    instance().func(name).unwrap()
}

fn told<T: std::fmt::Debug>(result: Result<T>) -> (ErrorKind, Option<u64>, String) {
    let error = result.unwrap_err();
    (error.kind(), error.row(), error.message().to_owned())
}

#[test]
fn columns_and_values_that_repeat() {
    let add = func("add");
    for rows in [0, 1, 7, 8, 9, 63, 2048, 5000, 20_000] {
        let xs: Vec<i32> = (0..rows).collect();
        let ys: Vec<i32> = (0..rows).map(|x| x * 3).collect();
        let mut sums = vec![0; rows as usize];
        add.map(&[(&xs).into(), (&ys).into()], &mut [(&mut sums).into()])
            .unwrap();
        assert!(
            sums.iter().zip(0..).all(|(sum, x)| *sum == 4 * x),
            "{rows} rows"
        );
        add.map(&[7.into(), (&ys).into()], &mut [(&mut sums).into()])
            .unwrap();
        assert!(
            sums.iter().zip(&ys).all(|(sum, y)| *sum == y + 7),
            "{rows} rows"
        );
    }
}

#[test]
fn each_type_and_many_results() {
    let (a, b, c, d) = ([1_i64, 2], [0.5_f32, 0.25], [-3, 4], [1e9, -1.0]);
    let mut sums = [0.0; 2];
    let args = [(&a).into(), (&b).into(), (&c).into(), (&d).into()];
    func("mix").map(&args, &mut [(&mut sums).into()]).unwrap();
    assert_eq!(sums, [1e9 - 1.5, 5.25]);
    let (mut quotients, mut rests) = ([0_i64; 3], [0_i64; 3]);
    let results = &mut [(&mut quotients).into(), (&mut rests).into()];
    func("divmod")
        .map(&[(&[7_i64, 8, -9]).into(), 4_i64.into()], results)
        .unwrap();
    assert_eq!((quotients, rests), ([1, 2, -2], [3, 0, -1]));
}

#[test]
fn without_columns_the_caller_says_how_many_rows() {
    let instance = instance();
    let tick = instance.func("tick").unwrap();
    tick.map_rows(5000, &[], &mut []).unwrap();
    assert_eq!(
        instance.global("count").unwrap().get().unwrap(),
        5000.into()
    );
    let (kind, row, text) = told(tick.map(&[], &mut []));
    assert_eq!((kind, row), (ErrorKind::Type, None));
    assert_eq!(
        text,
        "tick: no column says how many rows there are; give the number of rows"
    );
    let mut sums = [0; 4];
    func("add")
        .map(&[1.into(), 2.into()], &mut [(&mut sums).into()])
        .unwrap();
    assert_eq!(sums, [3; 4]);
}

#[test]
fn an_error_says_the_row_and_those_before_are_done() {
    let div = func("div");
    let xs: Vec<i32> = (0..10_000).collect();
    for at in [0, 5, 8, 2047, 2048, 7777, 9999] {
        let mut ys = vec![1; 10_000];
        ys[at] = 0;
        let mut out = vec![-1; 10_000];
        let (kind, row, text) =
            told(div.map(&[(&xs).into(), (&ys).into()], &mut [(&mut out).into()]));
        assert_eq!((kind, row), (ErrorKind::Trap, Some(at as u64)));
        assert_eq!(text, format!("row {at}: integer divide by zero"));
        assert_eq!(out[..at], xs[..at]);
        assert!(out[at..].iter().all(|it| *it == -1));
    }
    let again = div.map(&[(&[6]).into(), 3.into()], &mut [(&mut [0]).into()]);
    again.unwrap();
}

#[test]
fn a_row_that_traps_has_the_frames_of_a_call() {
    let div = func("div");
    let of_call = div.call(&[1.into(), 0.into()]).unwrap_err();
    let zeros = vec![0; 3000];
    let mut out = vec![0; 3000];
    let error = div
        .map(
            &[(&zeros).into(), (&zeros).into()],
            &mut [(&mut out).into()],
        )
        .unwrap_err();
    assert_eq!(error.frames(), of_call.frames());
    assert_eq!(error.trap_code(), of_call.trap_code());
    assert_eq!(of_call.row(), None);
}

#[test]
fn what_does_not_fit_is_refused_before_any_row() {
    let add = func("add");
    let mut out = [0; 2];
    let cases: [(Result<()>, &str); 6] = [
        (
            add.map(
                &[(&[1.0_f64, 2.0]).into(), 1.into()],
                &mut [(&mut out).into()],
            ),
            "argument 1 of add: a column of f64, not of i32; convert it to i32 first",
        ),
        (
            add.map(
                &[(&[1, 2]).into(), (&[1, 2, 3]).into()],
                &mut [(&mut [0; 2]).into()],
            ),
            "argument 2 of add has 3 rows, but argument 1 of add has 2; all columns of a batch have the same number \
             of rows",
        ),
        (
            add.map(&[(&[1, 2]).into(), 1.into()], &mut [(&mut [0; 3]).into()]),
            "result 1 of add has 3 rows, but argument 1 of add has 2; all columns of a batch have the same number of \
             rows",
        ),
        (
            add.map(
                &[(&[1, 2]).into(), 1.0_f64.into()],
                &mut [(&mut [0; 2]).into()],
            ),
            "argument 2 of add: expected i32, got f64",
        ),
        (
            add.map(&[(&[1, 2]).into()], &mut [(&mut [0; 2]).into()]),
            "arguments of add: expected 2 (i32, i32), got 1",
        ),
        (
            func("vector").map(&[], &mut []),
            "vector is (v128) -> (): columns hold i32, i64, f32 and f64 only; call it for each row",
        ),
    ];
    for (case, expected) in cases {
        assert_eq!(told(case), (ErrorKind::Type, None, expected.to_owned()));
    }
}

/// Columns of `i32` that can refuse.
struct Ints {
    args: Vec<Vec<i32>>,
    out: Vec<i32>,
    refuse_read_at: usize,
    refuse_write_at: usize,
}

impl Columns for Ints {
    fn read(&mut self, column: usize, first: usize, to: &mut [u8]) -> Result<()> {
        let rows = to.len() / 4;
        if first + rows > self.refuse_read_at {
            return Err(Error::new(ErrorKind::Range, "no more of it"));
        }
        for (to, from) in to.chunks_exact_mut(4).zip(&self.args[column][first..]) {
            to.copy_from_slice(&from.to_le_bytes());
        }
        Ok(())
    }

    fn write(&mut self, _: usize, first: usize, from: &[u8]) -> Result<()> {
        if first + from.len() / 4 > self.refuse_write_at {
            return Err(Error::new(ErrorKind::Range, "no room for it"));
        }
        for (from, to) in from.chunks_exact(4).zip(&mut self.out[first..]) {
            *to = i32::from_le_bytes(from.try_into().unwrap());
        }
        Ok(())
    }
}

fn ints(rows: i32) -> Ints {
    Ints {
        args: vec![(0..rows).collect(), (0..rows).map(|x| 10 * x).collect()],
        out: vec![-1; rows as usize],
        refuse_read_at: usize::MAX,
        refuse_write_at: usize::MAX,
    }
}

#[test]
fn nulls_are_not_called_and_what_is_not_selected_stays() {
    let rows = 6000_usize;
    let mut columns = ints(rows as i32);
    // Rows whose number is a multiple of 3 are null, and so the guest would trap on none.
    let offset = 5;
    let mut bits = vec![0; (rows + offset).div_ceil(8)];
    for row in (0..rows).filter(|row| row % 3 != 0) {
        bits[(row + offset) / 8] |= 1 << ((row + offset) % 8);
    }
    let nullable = MapArg::Column {
        ty: Type::I32,
        validity: Some(Bitmap::new(&bits, offset)),
    };
    let selection: Vec<u64> = (0..rows as u64).filter(|row| row % 7 < 4).collect();
    let args = [nullable, MapArg::column(Type::I32)];
    let batch = Batch {
        rows,
        args: &args,
        selection: Some(&selection),
    };
    func("add").map_columns(&batch, &mut columns).unwrap();
    let mut valid = vec![0xFF; rows.div_ceil(8)];
    batch.validity(&mut valid);
    for (row, out) in columns.out.iter().enumerate() {
        let expected = match (row % 7 < 4, row % 3 != 0) {
            (false, _) => -1,
            (true, false) => 0,
            (true, true) => 11 * row as i32,
        };
        assert_eq!(*out, expected, "row {row}");
        let bit = valid[row / 8] >> (row % 8) & 1 == 1;
        assert_eq!(bit, row % 7 >= 4 || row % 3 != 0, "row {row}");
    }
}

/// Columns of one memory of `i32`: argument and result begin where it is told.
struct Shared {
    memory: Vec<i32>,
    from: usize,
    from_stride: isize,
    to: usize,
}

impl Shared {
    fn index(first: usize, stride: isize, row: usize) -> usize {
        (first as isize + stride * row as isize) as usize
    }
}

impl Columns for Shared {
    fn read(&mut self, _: usize, first: usize, to: &mut [u8]) -> Result<()> {
        for (row, to) in to.chunks_exact_mut(4).enumerate() {
            let index = Shared::index(self.from, self.from_stride, first + row);
            to.copy_from_slice(&self.memory[index].to_le_bytes());
        }
        Ok(())
    }

    fn write(&mut self, _: usize, first: usize, from: &[u8]) -> Result<()> {
        for (row, from) in from.chunks_exact(4).enumerate() {
            self.memory[self.to + first + row] = i32::from_le_bytes(from.try_into().unwrap());
        }
        Ok(())
    }

    fn argument_spans(&self, _: usize, tell: &mut dyn FnMut(ColumnSpan)) {
        // In two parts, as what is chunked.
        let row = 7;
        tell(ColumnSpan {
            row: 0,
            rows: row,
            at: 4 * self.from,
            stride: 4 * self.from_stride,
        });
        tell(ColumnSpan {
            row,
            rows: ROWS - row,
            at: 4 * Shared::index(self.from, self.from_stride, row),
            stride: 4 * self.from_stride,
        });
    }

    fn result_spans(&self, _: usize, tell: &mut dyn FnMut(ColumnSpan)) {
        tell(ColumnSpan::dense(4 * self.to, ROWS, 4));
    }
}

const ROWS: usize = 20_000;

#[test]
fn arguments_that_results_are_written_over_are_read_as_they_were() {
    for (from, from_stride, to) in [
        (0, 1, 0),
        (0, 1, 1),
        (1, 1, 0),
        (0, 1, ROWS - 1),
        (ROWS - 1, -1, 0),
        (0, 2, 3),
        (0, 1, ROWS),
    ] {
        let mut columns = Shared {
            memory: (0..2 * ROWS as i32).collect(),
            from,
            from_stride,
            to,
        };
        let args = [MapArg::column(Type::I32), MapArg::Scalar(Slot::from_i32(5))];
        let batch = Batch::new(ROWS, &args);
        func("add").map_columns(&batch, &mut columns).unwrap();
        let expected = |row| Shared::index(from, from_stride, row) as i32 + 5;
        for row in 0..ROWS {
            let found = columns.memory[to + row];
            assert_eq!(found, expected(row), "{from} {from_stride} {to}, row {row}");
        }
    }
}

#[test]
fn an_error_among_packed_rows_says_the_row_of_the_batch() {
    let mut columns = ints(100);
    columns.args[1][50] = 0;
    columns.args[1][0] = 1;
    let selection: Vec<u64> = (0..100).filter(|row| row % 5 == 0).collect();
    let args = [MapArg::column(Type::I32), MapArg::column(Type::I32)];
    let batch = Batch {
        selection: Some(&selection),
        ..Batch::new(100, &args)
    };
    let (_, row, _) = told(func("div").map_columns(&batch, &mut columns));
    assert_eq!(row, Some(50));
    assert_eq!(columns.out[45..=50], [0, -1, -1, -1, -1, -1]);
}

#[test]
fn wrong_bitmaps_and_selections() {
    let short = MapArg::Column {
        ty: Type::I32,
        validity: Some(Bitmap::new(&[0xFF], 1)),
    };
    let args = [short, MapArg::Scalar(Slot::from_i32(1))];
    let (kind, row, text) = told(func("add").map_columns(&Batch::new(8, &args), &mut ints(8)));
    assert_eq!((kind, row), (ErrorKind::Range, None));
    assert_eq!(
        text,
        "argument 1 of add: the validity bitmap has 7 bits, but the column has 8 rows"
    );
    let args = [MapArg::column(Type::I32), MapArg::column(Type::I32)];
    for (selection, expected) in [
        (&[3, 8][..], "selection: 8 is out of range (0 to 7)"),
        (
            &[3, 3],
            "selection: row 3 comes after row 3; name each row once, in ascending order",
        ),
        (
            &[5, 2],
            "selection: row 2 comes after row 5; name each row once, in ascending order",
        ),
    ] {
        let batch = Batch {
            selection: Some(selection),
            ..Batch::new(8, &args)
        };
        let (kind, row, text) = told(func("add").map_columns(&batch, &mut ints(8)));
        assert_eq!((kind, row, &*text), (ErrorKind::Range, None, expected));
    }
}

#[test]
fn columns_that_fail_end_the_batch_with_the_row() {
    let args = [MapArg::column(Type::I32), MapArg::column(Type::I32)];
    let add = func("add");
    let mut columns = ints(10_000);
    columns.refuse_read_at = 5000;
    let (kind, row, text) = told(add.map_columns(&Batch::new(10_000, &args), &mut columns));
    let row = row.unwrap() as usize;
    assert_eq!(
        (kind, text),
        (ErrorKind::Range, format!("row {row}: no more of it"))
    );
    assert!(
        row <= 5000 && columns.out[row - 1] != -1 && columns.out[row] == -1,
        "row {row}"
    );
    let mut columns = ints(10_000);
    columns.refuse_write_at = 5000;
    let (kind, row, _) = told(add.map_columns(&Batch::new(10_000, &args), &mut columns));
    let row = row.unwrap() as usize;
    assert_eq!(kind, ErrorKind::Range);
    assert!(
        row <= 5000 && columns.out[row - 1] != -1 && columns.out[row] == -1,
        "row {row}"
    );
    let again = add.map_columns(&Batch::new(10_000, &args), &mut ints(10_000));
    again.unwrap();
}
