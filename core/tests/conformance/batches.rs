//! Steps about batches.

use landbridge::{Column, ColumnMut, Type, Value};
use serde_json::{Value as Json, json};

use crate::step::Step;
use crate::values::{check, ty, value};
use crate::world::{Done, World, wrong};

/// A column of a step, or one of results.
enum Owned {
    I32(Vec<i32>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    One(Value),
}

impl Owned {
    fn zeros(ty: Type, rows: usize) -> Owned {
        match ty {
            Type::I64 => Owned::I64(vec![0; rows]),
            Type::F32 => Owned::F32(vec![0.0; rows]),
            Type::F64 => Owned::F64(vec![0.0; rows]),
            _ => Owned::I32(vec![0; rows]),
        }
    }

    fn column(&self) -> Done<Column<'_>> {
        Ok(match self {
            Owned::I32(all) => all.into(),
            Owned::I64(all) => all.into(),
            Owned::F32(all) => all.into(),
            Owned::F64(all) => all.into(),
            Owned::One(Value::I32(one)) => (*one).into(),
            Owned::One(Value::I64(one)) => (*one).into(),
            Owned::One(Value::F32(one)) => (*one).into(),
            Owned::One(Value::F64(one)) => (*one).into(),
            Owned::One(other) => return wrong(format!("no number: {other:?}")),
        })
    }

    fn column_mut(&mut self) -> Done<ColumnMut<'_>> {
        Ok(match self {
            Owned::I32(all) => all.into(),
            Owned::I64(all) => all.into(),
            Owned::F32(all) => all.into(),
            Owned::F64(all) => all.into(),
            Owned::One(_) => return wrong("a value takes no results"),
        })
    }

    fn rows(&self) -> Option<usize> {
        match self {
            Owned::I32(all) => Some(all.len()),
            Owned::I64(all) => Some(all.len()),
            Owned::F32(all) => Some(all.len()),
            Owned::F64(all) => Some(all.len()),
            Owned::One(_) => None,
        }
    }

    fn values(&self) -> Vec<Value> {
        match self {
            Owned::I32(all) => all.iter().map(|it| Value::I32(*it)).collect(),
            Owned::I64(all) => all.iter().map(|it| Value::I64(*it)).collect(),
            Owned::F32(all) => all.iter().map(|it| Value::F32(*it)).collect(),
            Owned::F64(all) => all.iter().map(|it| Value::F64(*it)).collect(),
            Owned::One(one) => vec![one.clone()],
        }
    }

    fn push(&mut self, value: Value) -> Done {
        match (self, value) {
            (Owned::I32(all), Value::I32(it)) => all.push(it),
            (Owned::I64(all), Value::I64(it)) => all.push(it),
            (Owned::F32(all), Value::F32(it)) => all.push(it),
            (Owned::F64(all), Value::F64(it)) => all.push(it),
            _ => return wrong("an element of another type"),
        }
        Ok(())
    }
}

/// The elements of a column as tagged values.
fn elements(step: &Step<'_>, name: &str) -> Done<Vec<Json>> {
    if step.get("of").is_some() {
        return Ok(step
            .list("of")?
            .iter()
            .map(|it| json!({ name: it }))
            .collect());
    }
    let (rows, from): (i64, i64) = (step.number("rows")?, step.number("from")?);
    let by: i64 = step.number("step")?;
    let element = |row: i64| json!({ name: (from + by * row).to_string() });
    let mut all: Vec<Json> = (0..rows).map(element).collect();
    for (row, text) in step
        .get("at")
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
    {
        let row: usize = row.parse().expect("a row");
        all[row] = json!({ name: text });
    }
    Ok(all)
}

fn owned(world: &World, json: &Json) -> Done<Owned> {
    if json.get("column").is_none() {
        return Ok(Owned::One(value(world, json)?));
    }
    let step = Step::new(json)?;
    let name = step.text("column")?;
    let mut column = Owned::zeros(ty(name)?, 0);
    for element in elements(&step, name)? {
        column.push(value(world, &element)?)?;
    }
    step.end()?;
    Ok(column)
}

fn list(world: &World, list: &[Json]) -> Done<Vec<Owned>> {
    list.iter().map(|json| owned(world, json)).collect()
}

pub(crate) fn map(world: &World, step: &Step<'_>) -> Done {
    let func = world.func(step.text("object")?)?;
    let args = list(world, step.list("args")?)?;
    let expected = list(world, step.list("results")?)?;
    let said: Option<usize> = step.number_or_none("rows")?;
    let rows = said.or(args.iter().find_map(Owned::rows));
    let types = func.ty().results().iter();
    let mut results: Vec<_> = types
        .map(|ty| Owned::zeros(*ty, rows.unwrap_or(0)))
        .collect();
    let columns: Vec<_> = args.iter().map(Owned::column).collect::<Done<_>>()?;
    let mut given: Vec<_> = results
        .iter_mut()
        .map(Owned::column_mut)
        .collect::<Done<_>>()?;
    match (rows, said) {
        // No column says how many there are, and nobody else.
        (None, _) => func
            .batch_rows(&vec![None; columns.len()], &[], None)
            .map(drop)?,
        (_, Some(said)) => func.map_rows(said, &columns, &mut given)?,
        _ => func.map(&columns, &mut given)?,
    }
    if step.get("results").is_some() && results.len() != expected.len() {
        return wrong(format!("{} result columns", results.len()));
    }
    let mut pairs = results.iter().zip(&expected);
    pairs.try_for_each(|(found, expected)| check(&found.values(), &expected.values()))
}
