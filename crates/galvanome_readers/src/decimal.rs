//! Decimal numbers as floats, rounded once.

/// Powers of five up to this one are held in a word.
const FIVES: usize = 28;

/// Powers of five.
const FIVE: [u64; FIVES] = {
    let mut fives = [1; FIVES];
    let mut at = 1;
    while at < FIVES {
        fives[at] = fives[at - 1] * 5;
        at += 1;
    }
    fives
};

/// Of each power of five, moved up to 64 bits, what 2¹⁹¹ is of it: 128 bits, the rest cut off. The first has no room.
const PART: [u128; FIVES] = {
    let mut parts = [u128::MAX; FIVES];
    let mut at = 1;
    while at < FIVES {
        let five = (FIVE[at] << FIVE[at].leading_zeros()) as u128;
        let (high, rest) = ((1 << 127) / five, (1 << 127) % five);
        parts[at] = (high << 64) | ((rest << 64) / five);
        at += 1;
    }
    parts
};

/// The float nearest to a whole number times a power of ten; of two that are as near the even one, as the standard library
/// reads it from text. None beyond powers of 27, which no instrument writes.
///
/// Ten is two times five, and two only moves the exponent: what is left is a product with a power of five, or with what
/// one is of it, to 126 bits or more, of which a float keeps 53 (after Lemire, Software: Practice and Experience 51, 2021).
/// Where the bits that are cut off could decide, the division is done.
pub(crate) fn nearest(whole: u64, exponent: i32) -> Option<f64> {
    let at = exponent.unsigned_abs() as usize;
    let (&five, &part) = FIVE.get(at).zip(PART.get(at))?;
    if whole == 0 {
        return Some(0.0);
    }
    if exponent >= 0 {
        let product = u128::from(whole) * u128::from(five);
        let up = product.leading_zeros();
        return Some(rounded(product << up, exponent - up.cast_signed()));
    }
    let up = whole.leading_zeros();
    let moved = u128::from(whole << up);
    let (high, low) = (part >> 64, part & u128::from(u64::MAX));
    // At most two less than it is, and four once it is moved up.
    let product = moved * high + ((moved * low) >> 64);
    let over = product.leading_zeros();
    let product = product << over;
    let five_up = five.leading_zeros();
    let power = five_up.cast_signed() - up.cast_signed() - over.cast_signed() + exponent - 127;
    let behind = product & (2 * HALF - 1);
    if (HALF - 4..=HALF).contains(&behind) {
        return Some(divided(moved, u128::from(five << five_up), power + over.cast_signed()));
    }
    Some(rounded(product, power))
}

/// Of 128 bits, half of what the lowest of the 53 that are kept is worth.
const HALF: u128 = 1 << 74;

/// The quotient of two numbers of 64 bits, with the power of two that its 127 bits are to be moved by.
fn divided(whole: u128, five: u128, power: i32) -> f64 {
    let shift = if whole < five { 64 } else { 63 };
    let (quotient, rest) = ((whole << shift) / five, (whole << shift) % five);
    // All that lies behind the 64 bits of the quotient matters only as more than nothing.
    rounded((quotient << 64) | u128::from(rest != 0), power + 63 - shift)
}

/// The float nearest to a number of 128 bits, the highest of which is set, times a power of two that keeps it far from the
/// ends of what floats hold.
fn rounded(bits: u128, power: i32) -> f64 {
    let (kept, behind) = ((bits >> 75) as u64, bits & (2 * HALF - 1));
    let up = behind > HALF || behind == HALF && kept & 1 == 1;
    let scale = f64::from_bits(((1023 + 75 + power) as u64) << 52);
    (kept + u64::from(up)).cast_signed() as f64 * scale
}
