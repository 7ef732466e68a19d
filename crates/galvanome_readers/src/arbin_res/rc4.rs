//! The RC4 cipher, with keys of four bytes as Jet uses it. It hides nothing from anybody here: the key stands in
//! the file.

/// A stream of RC4.
pub(super) struct Rc4 {
    state: [u8; 256],
}

impl Rc4 {
    /// Begins with a key.
    pub(super) fn new(key: [u8; 4]) -> Self {
        let mut state: [u8; 256] = std::array::from_fn(|place| place as u8);
        let mut other = 0_u8;
        for (place, key) in (0..=255_u8).zip(key.into_iter().cycle()) {
            other = other.wrapping_add(state[usize::from(place)]).wrapping_add(key);
            state.swap(usize::from(place), usize::from(other));
        }
        Self { state }
    }

    /// Ciphers or deciphers bytes; the stream ends with them.
    pub(super) fn apply(mut self, bytes: &mut [u8]) {
        let (mut place, mut other) = (0_u8, 0_u8);
        for byte in bytes {
            place = place.wrapping_add(1);
            let here = self.state[usize::from(place)];
            other = other.wrapping_add(here);
            self.state.swap(usize::from(place), usize::from(other));
            let sum = here.wrapping_add(self.state[usize::from(place)]);
            *byte ^= self.state[usize::from(sum)];
        }
    }
}
