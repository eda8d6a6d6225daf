//! Leaf routines on long numbers (vectors of words, the lowest first) and on floats: what
//! `math/big`, `crypto` and `math` spend their time in. Vectors are long as the program
//! makes them; they use no stack and no preserved register.

use core::arch::naked_asm;

/// (z, x, y, words) -> carry: z = x + y.
///
/// # Safety
/// Called by Go code only, with vectors of so many words.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.words_add")]
pub unsafe extern "C" fn go_words_add() {
    naked_asm!(
        "xor eax, eax",
        "mov r10, rcx",
        "shr r10, 2",
        "jz 3f",
        "clc",
        // lea and dec leave the carry alone.
        "2:",
        "mov r8, [rsi]",
        "adc r8, [rdx]",
        "mov [rdi], r8",
        "mov r9, [rsi + 8]",
        "adc r9, [rdx + 8]",
        "mov [rdi + 8], r9",
        "mov r8, [rsi + 16]",
        "adc r8, [rdx + 16]",
        "mov [rdi + 16], r8",
        "mov r9, [rsi + 24]",
        "adc r9, [rdx + 24]",
        "mov [rdi + 24], r9",
        "lea rsi, [rsi + 32]",
        "lea rdx, [rdx + 32]",
        "lea rdi, [rdi + 32]",
        "dec r10",
        "jnz 2b",
        "setc al",
        "3:",
        "and ecx, 3",
        "jz 5f",
        // The carry back from al.
        "add al, 255",
        "4:",
        "mov r8, [rsi]",
        "adc r8, [rdx]",
        "mov [rdi], r8",
        "lea rsi, [rsi + 8]",
        "lea rdx, [rdx + 8]",
        "lea rdi, [rdi + 8]",
        "dec ecx",
        "jnz 4b",
        "setc al",
        "movzx eax, al",
        "5:",
        "ret",
    )
}

/// (z, x, y, words) -> borrow: z = x − y.
///
/// # Safety
/// As [`go_words_add`].
#[unsafe(naked)]
#[unsafe(export_name = "runtime.words_sub")]
pub unsafe extern "C" fn go_words_sub() {
    naked_asm!(
        "xor eax, eax",
        "mov r10, rcx",
        "shr r10, 2",
        "jz 3f",
        "clc",
        "2:",
        "mov r8, [rsi]",
        "sbb r8, [rdx]",
        "mov [rdi], r8",
        "mov r9, [rsi + 8]",
        "sbb r9, [rdx + 8]",
        "mov [rdi + 8], r9",
        "mov r8, [rsi + 16]",
        "sbb r8, [rdx + 16]",
        "mov [rdi + 16], r8",
        "mov r9, [rsi + 24]",
        "sbb r9, [rdx + 24]",
        "mov [rdi + 24], r9",
        "lea rsi, [rsi + 32]",
        "lea rdx, [rdx + 32]",
        "lea rdi, [rdi + 32]",
        "dec r10",
        "jnz 2b",
        "setc al",
        "3:",
        "and ecx, 3",
        "jz 5f",
        "add al, 255",
        "4:",
        "mov r8, [rsi]",
        "sbb r8, [rdx]",
        "mov [rdi], r8",
        "lea rsi, [rsi + 8]",
        "lea rdx, [rdx + 8]",
        "lea rdi, [rdi + 8]",
        "dec ecx",
        "jnz 4b",
        "setc al",
        "movzx eax, al",
        "5:",
        "ret",
    )
}

/// (z, x, words, m, a) -> high word: z = x · m + a.
///
/// # Safety
/// As [`go_words_add`].
#[unsafe(naked)]
#[unsafe(export_name = "runtime.words_mul")]
pub unsafe extern "C" fn go_words_mul() {
    naked_asm!(
        "mov r9, rdx",
        "test r9, r9",
        "jz 3f",
        "2:",
        "mov rax, [rsi]",
        "mul rcx",
        "add rax, r8",
        "adc rdx, 0",
        "mov [rdi], rax",
        "mov r8, rdx",
        "add rsi, 8",
        "add rdi, 8",
        "dec r9",
        "jnz 2b",
        "3:",
        "mov rax, r8",
        "ret",
    )
}

/// (z, x, y, words, m, a) -> high word: z = x + y · m + a.
///
/// # Safety
/// As [`go_words_add`].
#[unsafe(naked)]
#[unsafe(export_name = "runtime.words_add_mul")]
pub unsafe extern "C" fn go_words_add_mul() {
    naked_asm!(
        "mov r10, rdx",
        "mov r11, rcx",
        "shr r11, 1",
        "jz 3f",
        "2:",
        "mov rax, [r10]",
        "mul r8",
        "add rax, [rsi]",
        "adc rdx, 0",
        "add rax, r9",
        "adc rdx, 0",
        "mov [rdi], rax",
        "mov r9, rdx",
        "mov rax, [r10 + 8]",
        "mul r8",
        "add rax, [rsi + 8]",
        "adc rdx, 0",
        "add rax, r9",
        "adc rdx, 0",
        "mov [rdi + 8], rax",
        "mov r9, rdx",
        "add r10, 16",
        "add rsi, 16",
        "add rdi, 16",
        "dec r11",
        "jnz 2b",
        "3:",
        "test cl, 1",
        "jz 4f",
        "mov rax, [r10]",
        "mul r8",
        "add rax, [rsi]",
        "adc rdx, 0",
        "add rax, r9",
        "adc rdx, 0",
        "mov [rdi], rax",
        "mov r9, rdx",
        "4:",
        "mov rax, r9",
        "ret",
    )
}

/// ln 2 in two parts, 1/16, the Taylor coefficients 1/8! to 1/0!, and 2.
static EXP: [f64; 12] = [
    f64::from_bits(0x3fe62e42fefa3000),
    f64::from_bits(0x3d53de6af278ece6),
    0.0625,
    1.0 / 40320.0,
    1.0 / 5040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
    1.0,
    2.0,
];

/// (x, n as bits of floats) -> bits of e^(x − n · ln 2), where that is small: the series of
/// `math.Exp` with one rounding for each multiplication and addition. Only called where the
/// processor has FMA.
///
/// # Safety
/// Called by Go code only.
#[unsafe(naked)]
#[unsafe(export_name = "runtime.exp_series")]
pub unsafe extern "C" fn go_exp_series() {
    naked_asm!(
        "lea rax, [rip + {table}]",
        "movq xmm0, rdi",
        "movq xmm1, rsi",
        "vmovsd xmm2, qword ptr [rax]",
        "vfnmadd231sd xmm0, xmm1, xmm2",
        "vmovsd xmm2, qword ptr [rax + 8]",
        "vfnmadd231sd xmm0, xmm1, xmm2",
        "vmulsd xmm0, xmm0, qword ptr [rax + 16]",
        // Horner's scheme.
        "vmovsd xmm1, qword ptr [rax + 24]",
        "vfmadd213sd xmm1, xmm0, qword ptr [rax + 32]",
        "vfmadd213sd xmm1, xmm0, qword ptr [rax + 40]",
        "vfmadd213sd xmm1, xmm0, qword ptr [rax + 48]",
        "vfmadd213sd xmm1, xmm0, qword ptr [rax + 56]",
        "vfmadd213sd xmm1, xmm0, qword ptr [rax + 64]",
        "vfmadd213sd xmm1, xmm0, qword ptr [rax + 72]",
        "vfmadd213sd xmm1, xmm0, qword ptr [rax + 80]",
        "vmulsd xmm1, xmm1, xmm0",
        // y to y · (y + 2) four times, the last one plus 1.
        "vmovsd xmm3, qword ptr [rax + 88]",
        "vaddsd xmm2, xmm1, xmm3",
        "vmulsd xmm1, xmm1, xmm2",
        "vaddsd xmm2, xmm1, xmm3",
        "vmulsd xmm1, xmm1, xmm2",
        "vaddsd xmm2, xmm1, xmm3",
        "vmulsd xmm1, xmm1, xmm2",
        "vaddsd xmm2, xmm1, xmm3",
        "vfmadd213sd xmm1, xmm2, qword ptr [rax + 80]",
        "movq rax, xmm1",
        "ret",
        table = sym EXP,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    type Routine = extern "C" fn(usize, usize, usize, usize, usize, usize) -> usize;

    fn routine(f: unsafe extern "C" fn()) -> Routine {
        // SAFETY: parameters and the result are in System V's registers; no other register
        // is touched that a caller would miss.
        unsafe { core::mem::transmute(f) }
    }

    /// Words that carry often.
    fn words(n: usize, seed: u64) -> Vec<u64> {
        let mut x = seed;
        (0..n)
            .map(|i| {
                x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                if i % 3 == 0 { !0 - (x >> 63) } else { x }
            })
            .collect()
    }

    #[test]
    fn sums_and_differences() {
        for n in 0..23 {
            let (x, y, mut z) = (words(n, 1), words(n, 2), vec![0; n]);
            for (f, subtract) in [
                (go_words_add as unsafe extern "C" fn(), false),
                (go_words_sub, true),
            ] {
                let mut carry = false;
                let expected: Vec<u64> = (0..n)
                    .map(|i| {
                        let (word, over) = match subtract {
                            false => x[i].carrying_add_in(y[i], carry),
                            true => x[i].borrowing_sub_in(y[i], carry),
                        };
                        carry = over;
                        word
                    })
                    .collect();
                let addresses = (
                    z.as_mut_ptr() as usize,
                    x.as_ptr() as usize,
                    y.as_ptr() as usize,
                );
                let over = routine(f)(addresses.0, addresses.1, addresses.2, n, 0, 0);
                assert_eq!((&z, over), (&expected, carry as usize), "{n}");
            }
        }
    }

    trait Carry {
        fn carrying_add_in(self, y: u64, carry: bool) -> (u64, bool);
        fn borrowing_sub_in(self, y: u64, borrow: bool) -> (u64, bool);
    }

    impl Carry for u64 {
        fn carrying_add_in(self, y: u64, carry: bool) -> (u64, bool) {
            let sum = self as u128 + y as u128 + carry as u128;
            (sum as u64, sum >> 64 != 0)
        }

        fn borrowing_sub_in(self, y: u64, borrow: bool) -> (u64, bool) {
            let difference = (self as u128).wrapping_sub(y as u128 + borrow as u128);
            (difference as u64, difference >> 64 != 0)
        }
    }

    #[test]
    fn products() {
        let (m, a) = (0xfedc_ba98_7654_3210u64, !0u64);
        for n in 0..12 {
            let (x, y, mut z) = (words(n, 3), words(n, 4), vec![0u64; n]);
            let multiply = |with: &dyn Fn(usize) -> u128| {
                let mut high = a;
                let words: Vec<u64> = (0..n)
                    .map(|i| {
                        let product = with(i) + high as u128;
                        high = (product >> 64) as u64;
                        product as u64
                    })
                    .collect();
                (words, high as usize)
            };
            let (at, from, other) = (
                z.as_mut_ptr() as usize,
                x.as_ptr() as usize,
                y.as_ptr() as usize,
            );
            let high = routine(go_words_mul)(at, from, n, m as usize, a as usize, 0);
            let expected = multiply(&|i| x[i] as u128 * m as u128);
            assert_eq!((z.clone(), high), expected, "{n}");
            let high = routine(go_words_add_mul)(at, from, other, n, m as usize, a as usize);
            let expected = multiply(&|i| y[i] as u128 * m as u128 + x[i] as u128);
            assert_eq!((z.clone(), high), expected, "{n}");
        }
    }

    #[test]
    fn series() {
        if !std::arch::is_x86_feature_detected!("fma") {
            return;
        }
        for (x, n) in [(0.25f64, 0.0f64), (1.0, 1.0), (10.0, 14.0), (-3.0, -4.0)] {
            let bits = [x.to_bits() as usize, n.to_bits() as usize];
            let got = routine(go_exp_series)(bits[0], bits[1], 0, 0, 0, 0);
            let got = f64::from_bits(got as u64) * n.exp2();
            assert!((got - x.exp()).abs() <= x.exp() * 1e-15, "{x} {got}");
        }
    }
}
