//! A picture made smaller, as servers do for previews.

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

use crate::numbers::Numbers;

pub(crate) fn smaller(size: usize, mut numbers: Numbers) -> u32 {
    let side = size as u32;
    let mut picture = RgbImage::new(side, side);
    let tint = numbers.below(256);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        *pixel = Rgb([(x ^ y) as u8, (x * y / 7) as u8, (x + y + tint) as u8]);
    }
    let small = imageops::resize(&picture, side / 2, side / 2, FilterType::CatmullRom);
    crate::sum(imageops::fast_blur(&small, 2.0).as_raw())
}
