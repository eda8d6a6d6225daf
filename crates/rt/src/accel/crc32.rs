//! CRC-32 by carry-less multiplication, for both common polynomials.
//!
//! The method is Intel's ("Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
//! Instruction", 2009): four lanes of 16 bytes are folded over the data, the lanes into one,
//! and what is left is reduced to 32 bits after Barrett. Bits are reflected: the highest
//! power is the lowest bit. All constants come from the polynomial ([`Constants::of`]).

use core::arch::x86_64::*;

/// x³² is left out; reflected.
const IEEE: u32 = 0xedb8_8320;
const CASTAGNOLI: u32 = 0x82f6_3b78;

/// Shorter ranges are not worth folding.
const FOLD_BYTES: usize = 64;
/// From here on sixteen lanes are.
const WIDE_BYTES: usize = 512;

/// What folding over one polynomial needs.
struct Constants {
    /// Powers that move a lane over sixteen lanes, four, and one: high half, low half.
    sixteen: [u64; 2],
    four: [u64; 2],
    one: [u64; 2],
    /// x⁶⁴: the last 32 bits off 96.
    last: u64,
    /// The polynomial and the quotient of x⁶⁴ by it, 33 bits each.
    polynomial: u64,
    quotient: u64,
    /// The remainder of each byte.
    table: [u32; 256],
}

static IEEE_CONSTANTS: Constants = Constants::of(IEEE);
static CASTAGNOLI_CONSTANTS: Constants = Constants::of(CASTAGNOLI);

impl Constants {
    const fn of(polynomial: u32) -> Constants {
        let mut table = [0; 256];
        let mut i = 0;
        while i < 256 {
            table[i] = times_power(i as u32, 8, polynomial);
            i += 1;
        }
        Constants {
            sixteen: [
                constant(16 * 128 - 32, polynomial),
                constant(16 * 128 + 32, polynomial),
            ],
            four: [
                constant(4 * 128 - 32, polynomial),
                constant(4 * 128 + 32, polynomial),
            ],
            one: [
                constant(128 - 32, polynomial),
                constant(128 + 32, polynomial),
            ],
            last: constant(64, polynomial),
            polynomial: (polynomial as u64) << 1 | 1,
            quotient: quotient(polynomial),
            table,
        }
    }
}

/// xⁿ modulo the polynomial, as a factor: reflected products come out one bit low, for which
/// factors are shifted up by one.
const fn constant(n: u32, polynomial: u32) -> u64 {
    (times_power(1 << 31, n, polynomial) as u64) << 1
}

/// value · xⁿ modulo the polynomial.
const fn times_power(mut value: u32, n: u32, polynomial: u32) -> u32 {
    let mut i = 0;
    while i < n {
        value = value >> 1 ^ if value & 1 != 0 { polynomial } else { 0 };
        i += 1;
    }
    value
}

/// x⁶⁴ divided by the polynomial, reflected, 33 bits.
const fn quotient(polynomial: u32) -> u64 {
    // x³² is the first bit of the quotient; each step brings down the next power.
    let (mut quotient, mut remainder) = (1u64, polynomial);
    let mut bit = 1;
    while bit <= 32 {
        if remainder & 1 != 0 {
            quotient |= 1 << bit;
        }
        remainder = times_power(remainder, 1, polynomial);
        bit += 1;
    }
    quotient
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_crc32_ieee(crc: u32, data: *const u8, bytes: usize) -> usize {
    // SAFETY: Go passes a slice.
    let data = unsafe { core::slice::from_raw_parts(data, bytes) };
    update(crc, data, &IEEE_CONSTANTS) as usize
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_crc32_castagnoli(crc: u32, data: *const u8, bytes: usize) -> usize {
    // SAFETY: as above.
    let data = unsafe { core::slice::from_raw_parts(data, bytes) };
    update(crc, data, &CASTAGNOLI_CONSTANTS) as usize
}

/// The checksum after `data`, of one before it.
fn update(crc: u32, data: &[u8], constants: &Constants) -> u32 {
    let mut state = !crc;
    let mut rest = data;
    if data.len() >= FOLD_BYTES && is_x86_feature_detected!("pclmulqdq") {
        let whole = data.len() & !15;
        // SAFETY: the processor has it; the length is as asked.
        state = unsafe { fold(state, &data[..whole], constants) };
        rest = &data[whole..];
    }
    for byte in rest {
        state = state >> 8 ^ constants.table[(state as u8 ^ byte) as usize];
    }
    !state
}

/// The state after at least four lanes, a multiple of 16 bytes.
#[target_feature(enable = "pclmulqdq,sse2,sse4.1")]
fn fold(state: u32, data: &[u8], constants: &Constants) -> u32 {
    let (blocks, _) = data.as_chunks::<16>();
    let (lanes, rest) = if data.len() >= WIDE_BYTES
        && is_x86_feature_detected!("vpclmulqdq")
        && is_x86_feature_detected!("avx512f")
    {
        // SAFETY: the processor has it; the length is as asked.
        unsafe { fold_wide(state, blocks, constants) }
    } else {
        fold_lanes(state, blocks, constants)
    };
    let one = pair(constants.one);
    let mut x = lanes[0];
    for lane in &lanes[1..] {
        x = advance(x, *lane, one);
    }
    for block in rest {
        x = advance(x, load(block), one);
    }
    reduce(x, one, constants)
}

/// Four lanes over all that they fit; what is left.
#[target_feature(enable = "pclmulqdq,sse2")]
fn fold_lanes<'a>(
    state: u32,
    blocks: &'a [[u8; 16]],
    constants: &Constants,
) -> ([__m128i; 4], &'a [[u8; 16]]) {
    let (first, mut rest) = blocks.split_at(4);
    let mut lanes = [0, 1, 2, 3].map(|i| load(&first[i]));
    lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128(state as i32));
    let four = pair(constants.four);
    while let Some((next, after)) = rest.split_at_checked(4) {
        for (lane, block) in lanes.iter_mut().zip(next) {
            *lane = advance(*lane, load(block), four);
        }
        rest = after;
    }
    (lanes, rest)
}

/// The same with sixteen lanes in four registers, which end as four.
#[target_feature(enable = "avx512f,vpclmulqdq,pclmulqdq")]
fn fold_wide<'a>(
    state: u32,
    blocks: &'a [[u8; 16]],
    constants: &Constants,
) -> ([__m128i; 4], &'a [[u8; 16]]) {
    let (quads, rest) = blocks.as_chunks::<4>();
    let (first, mut more) = quads.split_at(4);
    let mut lanes = [0, 1, 2, 3].map(|i| load_quad(&first[i]));
    let state = _mm512_zextsi128_si512(_mm_cvtsi32_si128(state as i32));
    lanes[0] = _mm512_xor_si512(lanes[0], state);
    let sixteen = _mm512_broadcast_i32x4(pair(constants.sixteen));
    while let Some((next, after)) = more.split_at_checked(4) {
        for (lane, quad) in lanes.iter_mut().zip(next) {
            *lane = advance_quad(*lane, load_quad(quad), sixteen);
        }
        more = after;
    }
    let four = _mm512_broadcast_i32x4(pair(constants.four));
    let mut x = lanes[0];
    for lane in &lanes[1..] {
        x = advance_quad(x, *lane, four);
    }
    for quad in more {
        x = advance_quad(x, load_quad(quad), four);
    }
    let ends = [
        _mm512_extracti32x4_epi32(x, 0),
        _mm512_extracti32x4_epi32(x, 1),
        _mm512_extracti32x4_epi32(x, 2),
        _mm512_extracti32x4_epi32(x, 3),
    ];
    (ends, rest)
}

#[target_feature(enable = "avx512f")]
fn load_quad(quad: &[[u8; 16]; 4]) -> __m512i {
    // SAFETY: 64 bytes, at any address.
    unsafe { _mm512_loadu_si512(quad.as_ptr().cast()) }
}

/// [`advance`] of four lanes at once.
#[target_feature(enable = "avx512f,vpclmulqdq")]
fn advance_quad(lanes: __m512i, next: __m512i, powers: __m512i) -> __m512i {
    let low = _mm512_clmulepi64_epi128(lanes, powers, 0x00);
    let high = _mm512_clmulepi64_epi128(lanes, powers, 0x11);
    _mm512_xor_si512(next, _mm512_xor_si512(low, high))
}

#[target_feature(enable = "sse2")]
fn pair(powers: [u64; 2]) -> __m128i {
    _mm_set_epi64x(powers[0] as i64, powers[1] as i64)
}

#[target_feature(enable = "sse2")]
fn load(block: &[u8; 16]) -> __m128i {
    // SAFETY: 16 bytes, at any address.
    unsafe { _mm_loadu_si128(block.as_ptr().cast()) }
}

/// Moves a lane over what lies between it and `next`, and adds that.
#[target_feature(enable = "pclmulqdq,sse2")]
fn advance(lane: __m128i, next: __m128i, powers: __m128i) -> __m128i {
    let low = _mm_clmulepi64_si128(lane, powers, 0x00);
    let high = _mm_clmulepi64_si128(lane, powers, 0x11);
    _mm_xor_si128(next, _mm_xor_si128(low, high))
}

/// 128 bits to 96, to 64, to the remainder.
#[target_feature(enable = "pclmulqdq,sse2,sse4.1")]
fn reduce(x: __m128i, one: __m128i, constants: &Constants) -> u32 {
    let low32 = _mm_set_epi32(0, 0, 0, !0);
    let x = _mm_xor_si128(_mm_clmulepi64_si128(x, one, 0x10), _mm_srli_si128(x, 8));
    let last = _mm_set_epi64x(0, constants.last as i64);
    let top = _mm_clmulepi64_si128(_mm_and_si128(x, low32), last, 0x00);
    let x = _mm_xor_si128(top, _mm_srli_si128(x, 4));
    let barrett = _mm_set_epi64x(constants.quotient as i64, constants.polynomial as i64);
    let multiple = _mm_clmulepi64_si128(_mm_and_si128(x, low32), barrett, 0x10);
    let product = _mm_clmulepi64_si128(_mm_and_si128(multiple, low32), barrett, 0x00);
    _mm_extract_epi32(_mm_xor_si128(product, x), 1) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_those_of_the_paper() {
        let c = Constants::of(IEEE);
        assert_eq!(c.four, [0x1_c6e4_1596, 0x1_5444_2bd4]);
        assert_eq!(c.one, [0x0_ccaa_009e, 0x1_7519_97d0]);
        assert_eq!(c.last, 0x1_63cd_6124);
        assert_eq!((c.polynomial, c.quotient), (0x1_db71_0641, 0x1_f701_1641));
    }

    #[test]
    fn known_checksums() {
        assert_eq!(update(0, b"123456789", &IEEE_CONSTANTS), 0xcbf4_3926);
        assert_eq!(update(0, b"123456789", &CASTAGNOLI_CONSTANTS), 0xe306_9283);
    }

    #[test]
    fn folding_gives_what_bytes_give() {
        let data: Vec<u8> = (0..1000u32).map(|i| ((i * i) >> 3) as u8).collect();
        for constants in [&IEEE_CONSTANTS, &CASTAGNOLI_CONSTANTS] {
            for n in (0..200).chain([255, 256, 777, 1000]) {
                let slow = data[..n]
                    .iter()
                    .fold(5, |crc, byte| update(crc, &[*byte], constants));
                assert_eq!(update(5, &data[..n], constants), slow, "{n}");
            }
        }
    }
}
