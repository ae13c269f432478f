//! Frames are used again: a call allocates only what it gives.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;

use landbridge_worlds::Type as T;

use crate::echo::echo;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

/// The system's, with a count for each thread.
struct Counting;

fn count() {
    // A thread that ends counts no more.
    let _ = COUNT.try_with(|it| it.set(it.get() + 1));
}

// SAFETY: it hands everything on to the system's allocator, as it was asked.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Of a call, after one that made the buffers.
fn allocations(mut call: impl FnMut()) -> usize {
    call();
    let before = COUNT.get();
    call();
    COUNT.get() - before
}

#[test]
fn scalars_allocate_nothing() {
    let nothing = echo(&[]).typed::<(), ()>().unwrap();
    assert_eq!(allocations(|| nothing.call(()).unwrap()), 0);
    let types = [T::U32, T::F64, T::Option(Box::new(T::Char))];
    type Three = (u32, f64, Option<char>);
    let three = echo(&types).typed::<Three, Three>().unwrap();
    let call = || {
        black_box(three.call((7, 1.5, Some('a'))).unwrap());
    };
    assert_eq!(allocations(call), 0);
}

#[test]
fn texts_and_lists_allocate_what_is_given() {
    let text = echo(&[T::String]).typed::<(&str,), String>().unwrap();
    let short = || drop(black_box(text.call(("a short text",)).unwrap()));
    assert_eq!(allocations(short), 1);
    // What is large needs a list of blobs for what is taken too; it is moved out of that of the result.
    let numbers = vec![1.5; 1000];
    let list = echo(&[T::List(Box::new(T::F64))]);
    let list = list.typed::<(&[f64],), Vec<f64>>().unwrap();
    let large = || drop(black_box(list.call((&numbers,)).unwrap()));
    assert_eq!(allocations(large), 2);
}
