//! Orders, and baskets: a resource, whose `Drop` runs when the host or the guest lets go of it.

use std::cell::{Cell, RefCell};

use crate::Shop;
use crate::demo::shop::goods::{Discount, Line, Order, Product, Refusal};
use crate::demo::shop::office::{self, Journal, Level};
use crate::exports::demo::shop::orders::{Basket, BasketBorrow, Guest, GuestBasket, Statistics};

thread_local!(static COUNT: Cell<u32> = const { Cell::new(0) });

// [basket]
/// What is behind a handle to a basket.
pub struct Contents {
    owner: String,
    lines: RefCell<Vec<Line>>,
}

impl Drop for Contents {
    fn drop(&mut self) {
        COUNT.set(COUNT.get() - 1);
        office::log(Level::Debug, &format!("{}'s basket is gone", self.owner));
    }
}

impl GuestBasket for Contents {
    fn new(owner: String) -> Contents {
        COUNT.set(COUNT.get() + 1);
        Contents {
            owner,
            lines: RefCell::default(),
        }
    }

    fn add(&self, product: Product, count: u16) -> u32 {
        let mut lines = self.lines.borrow_mut();
        lines.push(Line { product, count });
        lines.iter().map(|it| u32::from(it.count)).sum()
    }
    // [end basket]

    fn lines(&self) -> Vec<Line> {
        self.lines.borrow().clone()
    }

    fn total(&self) -> u64 {
        total(&self.lines.borrow())
    }

    fn cheaper_than(&self, other: BasketBorrow<'_>) -> bool {
        self.total() < other.get::<Contents>().total()
    }

    fn merge(a: Basket, b: Basket) -> Basket {
        let (a, b) = (a.into_inner::<Contents>(), b.into_inner::<Contents>());
        a.lines.borrow_mut().append(&mut b.lines.borrow_mut());
        Basket::new(a)
    }

    fn count() -> u32 {
        COUNT.get()
    }
}

fn total(lines: &[Line]) -> u64 {
    lines
        .iter()
        .map(|it| it.product.price * u64::from(it.count))
        .sum()
}

impl Guest for Shop {
    type Basket = Contents;

    fn total(order: Order) -> Result<u64, Refusal> {
        if order.lines.is_empty() {
            return Err(Refusal::Empty);
        }
        for line in order.lines.iter() {
            let left = i64::from(line.product.stock) - i64::from(line.count);
            if left < 0 {
                return Err(Refusal::OutOfStock((
                    line.product.sku.clone(),
                    -left as u32,
                )));
            }
        }
        let sum = total(&order.lines);
        let off = match order.discount {
            Discount::FullPrice => 0,
            Discount::Percent(percent) => (sum as f64 * percent / 100.0 + 0.5) as u64,
            Discount::Cents(cents) => cents,
            Discount::Codes(codes) => {
                let mut off = 0;
                for code in codes {
                    off += office::worth(&code).map_err(|why| {
                        office::log(Level::Warning, &why);
                        Refusal::UnknownCode(code)
                    })?;
                }
                off
            }
        };
        Ok(sum.saturating_sub(off))
    }

    fn reserve(order: Order) -> u32 {
        office::reserve(&order.lines)
    }

    fn cheapest(products: Vec<Product>) -> Option<Product> {
        products.into_iter().min_by_key(|it| it.price)
    }

    fn sort(mut products: Vec<Product>) -> Vec<Product> {
        products.sort_by_key(|it| it.price);
        products
    }

    fn describe(numbers: Vec<f64>) -> Statistics {
        let Some(&first) = numbers.first() else {
            return Statistics {
                count: 0,
                least: 0.0,
                most: 0.0,
                mean: 0.0,
            };
        };
        let (mut least, mut most, mut sum) = (first, first, 0.0);
        for &it in &numbers {
            least = f64::min(least, it);
            most = f64::max(most, it);
            sum += it;
        }
        Statistics {
            count: numbers.len() as u32,
            least,
            most,
            mean: sum / numbers.len() as f64,
        }
    }

    fn checksum(bytes: Vec<u8>) -> u32 {
        bytes.iter().fold(0x811c_9dc5, |hash, &it| {
            (hash ^ u32::from(it)).wrapping_mul(0x0100_0193)
        })
    }

    fn sample(length: u32) -> Vec<u8> {
        (0..length).map(|i| (i % 251) as u8).collect()
    }

    fn checkout(basket: Basket) -> (String, Vec<Line>) {
        let contents = basket.into_inner::<Contents>();
        (contents.owner.clone(), contents.lines.take())
    }

    fn sum(baskets: Vec<BasketBorrow<'_>>) -> u64 {
        baskets.iter().map(|it| it.get::<Contents>().total()).sum()
    }

    fn keep_dearest(baskets: Vec<Basket>) -> Option<Basket> {
        baskets.into_iter().reduce(|a, b| {
            if b.get::<Contents>().total() > a.get::<Contents>().total() {
                b
            } else {
                a
            }
        })
    }

    fn note(journal: &Journal, text: String) -> (u32, String) {
        (journal.write(&text), office::title(journal))
    }

    fn open(title: String, lines: Vec<String>) -> Journal {
        let journal = Journal::new(&title);
        for line in &lines {
            journal.write(line);
        }
        journal
    }

    fn finish(journal: Journal, text: String) -> Vec<String> {
        journal.write(&text);
        office::close(journal)
    }

    fn discard(journal: Journal) {
        drop(journal);
    }

    fn look_up(title: String) -> Result<Journal, String> {
        Journal::find(&title)
    }
}
