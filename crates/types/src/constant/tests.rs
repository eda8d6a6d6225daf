//! What constants are worth and how they are shown.

use super::{CompareOp, Operator, Value};
use goxide_syntax::ast::LitKind;

fn float(text: &str) -> Value {
    Value::from_literal(LitKind::Float, text)
}

fn int(text: &str) -> Value {
    Value::from_literal(LitKind::Int, text)
}

#[test]
fn literals() {
    for (text, want) in [
        ("0x_ff", "255"),
        ("0b101", "5"),
        ("0o17", "15"),
        ("017", "15"),
        ("1_000", "1000"),
    ] {
        assert_eq!(int(text).to_string(), want);
    }
    for (text, want) in [
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("0x1p-2", 0.25),
        ("0x1.8p1", 3.0),
        (".5", 0.5),
        ("1_0.2_5", 10.25),
    ] {
        assert_eq!(float(text).to_f64(), Some(want), "{text}");
    }
    let im = Value::from_literal(LitKind::Imag, "0123i");
    assert_eq!(im.imag_part().to_string(), "123");
}

#[test]
fn rounding_to_ieee_formats_is_correct() {
    for text in [
        "0.1",
        "1e308",
        "1.7976931348623157e308",
        "1.7976931348623159e308",
        "4.9e-324",
        "2.4e-324",
        "2.2250738585072011e-308",
        "9007199254740993",
        "9007199254740992.99999",
        "1e-400",
        "3.4e38",
        "3.40282356e38",
        "3.4028236e38",
        "1.401298464324817e-45",
        "0.7e-45",
        "1e-40",
        "16777217",
    ] {
        let value = float(&format!(
            "{text}{}",
            if text.contains(['.', 'e']) { "" } else { ".0" }
        ));
        assert_eq!(
            value.to_f64().map(f64::to_bits),
            Some(text.parse::<f64>().unwrap().to_bits()),
            "{text}"
        );
        assert_eq!(
            value.to_f32().map(f32::to_bits),
            Some(text.parse::<f32>().unwrap().to_bits()),
            "{text}"
        );
    }
}

#[test]
fn arithmetic_is_exact() {
    let third = int("1").binary(Operator::Quo, &int("3")).unwrap();
    let one = third.binary(Operator::Mul, &int("3")).unwrap();
    assert_eq!(one.compare(CompareOp::Eq, &int("1")), Some(true));
    assert_eq!(
        int("7")
            .binary(Operator::IntQuo, &int("2").negate())
            .unwrap()
            .to_string(),
        "-3"
    );
    assert_eq!(
        int("7")
            .negate()
            .binary(Operator::Rem, &int("3"))
            .unwrap()
            .to_string(),
        "-1"
    );
    assert_eq!(int("1").shift(true, 100).shift(false, 98).to_string(), "4");
    assert_eq!(int("1").negate().shift(false, 3).to_string(), "-1");
    assert_eq!(int("5").complement(Some(8)).to_string(), "250");
    assert!(int("1").binary(Operator::Quo, &int("0")).is_err());
}

#[test]
fn huge_and_tiny_numbers_become_floats() {
    let huge = float("1e100000");
    let back = huge.binary(Operator::Quo, &float("1e99999")).unwrap();
    let ten = back.to_f64().unwrap();
    assert!((ten - 10.0).abs() < 1e-12, "{ten}");
    assert_eq!(huge.to_string(), "1e+100000");
    assert!(float("1e9999999999").is_unknown());
}

#[test]
fn ranges_of_integer_types() {
    assert!(int("128").negate().fits(8, true) && !int("128").fits(8, true));
    assert!(int("255").fits(8, false) && !int("256").fits(8, false));
    assert!(!int("129").negate().fits(8, true) && !int("1").negate().fits(8, false));
    assert!(int("9223372036854775808").negate().fits(64, true));
}

#[test]
fn shown_as_go_shows_them() {
    assert_eq!(float("0.1").to_string(), "0.1");
    assert_eq!(float("1e100").to_string(), "1e+100");
    assert_eq!(float("123456789.0").to_string(), "1.23457e+08");
    assert_eq!(Value::from("a\"\n").to_string(), "\"a\\\"\\n\"");
}
