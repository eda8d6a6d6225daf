// Floating-point formatting and parsing at the edges: shortest digits, every verb, precision
// and flag, halfway cases, subnormals, hexadecimal, powers near exact integers.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
)

func main() {
	values := []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 0.5, 1.5, 2.5, 0.05, 0.15, 0.25, 0.35, 1.005, 2.675,
		1e21, 1e20, 999999999999999999999, 123456789, 1e-7, 1e-6, 1e-5, 5e-324, 2.2250738585072014e-308, 2.225073858507201e-308,
		math.MaxFloat64, math.Pi, 1 / 3.0, 2 / 3.0, 1e23, 8.41e21, 9007199254740993, 4503599627370496.5, 0.3, 0.1 + 0.2,
		math.Nextafter(1, 2), math.Nextafter(1, 0), 1e15, 1e16, 1e17, 123456.7, 12345678.9, 5e-5, math.Inf(1), math.Inf(-1), math.NaN(),
		float64(float32(0.1)), float64(float32(16777217)), 6.02214076e23, 1.7976931348623157e308, 4.35, 4.349999999999999}
	for _, v := range values {
		fmt.Println(v, float32(v))
		fmt.Printf("%e|%E|%f|%F|%g|%G|%b|%x|%X\n", v, v, v, v, v, v, v, v, v)
		fmt.Printf("%.0f|%.1f|%.2f|%.3e|%.0e|%.3g|%.17g|%.20f|%.0g|%.0x|%.3x\n", v, v, v, v, v, v, v, v, v, v, v)
		fmt.Printf("%+.2f|%8.2f|%-8.2f|%08.2f|% .2f|%+08.1f|%#g|%#.3g|%#.0f|%#.0e|%#x|%+e\n", v, v, v, v, v, v, v, v, v, v, v, v)
		for _, c := range "eEfgGbxX" {
			for _, prec := range []int{-1, 0, 5, 30} {
				fmt.Print(strconv.FormatFloat(v, byte(c), prec, 64), " ", strconv.FormatFloat(v, byte(c), prec, 32), " ")
			}
		}
		fmt.Println()
		if b, err := json.Marshal([]any{v, float32(v)}); err == nil {
			fmt.Println(string(b))
		} else {
			fmt.Println(err)
		}
		back, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', -1, 64), 64)
		fmt.Println(back == v || v != v, err)
	}
	for _, s := range []string{"1e400", "-1e400", "1e-400", "0x1p-1074", "0x1p-1075", "0x1.8p-1075", "0x1.fffffffffffff8p1023", "1.7976931348623158e308", "1.7976931348623159e308",
		"2.2250738585072011e-308", "9007199254740993", "9007199254740992.9999", "0.1e1", ".5", "5.", "1_000.5", "0x_1p1", "1__0", "inf", "+Infinity", "-iNf", "nan", "NaN(1)", "1e", "e1", "0x", "0x1", "0x1p", "",
		" 1", "1 ", "1e+5", "1e-+5", "00001.5e00002", "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880", "1.00000000000000011102230246251565404236316680908203125", "1.00000000000000011102230246251565404236316680908203124", "1.00000000000000011102230246251565404236316680908203126", "3.4028235e38", "3.4028236e38", "1.1754943e-38", "1e-46", "0.000000000000000000000000000000000000000000000000000000001e60"} {
		a, err := strconv.ParseFloat(s, 64)
		b, err32 := strconv.ParseFloat(s, 32)
		fmt.Printf("%.40q %v %v %v %v\n", s, a, err, b, err32)
		c, err := strconv.ParseComplex("("+s+"-2i)", 128)
		fmt.Println(c, err != nil)
	}
	fmt.Printf("%v %.2f %+.1e %8.1f|%g %x\n", 1.5-2i, complex(1, 2), 3-4i, complex64(5i), complex(math.Inf(1), math.NaN()), 1+2i)
	fmt.Printf("%6.2f%%|%*.*f|%-*d|%[2]*[1]d|%[3]*.[2]*[1]f|\n", 12.3456, 8, 3, 3.14159, 5, 42)
	fmt.Printf("%[3]*.[2]*[1]f|%d|%!|%z|%s|%d\n", 12.0, 2, 6, 1.5, 2.5, 1)
	f, _, _ := big.ParseFloat("1.23456789012345678901234567890", 10, 200, big.ToNearestEven)
	fmt.Println(f, f.Text('f', 40), f.Text('p', 10))
	fmt.Printf("%.50g %10.3f %+e\n", f, f, f)
	for _, v := range []float64{0.5, 1.5, 2.5, -0.5, 4503599627370495.5, 1e300, math.NaN()} {
		fmt.Println(math.Round(v), math.RoundToEven(v), math.Trunc(v), math.Floor(v), math.Ceil(v), math.FMA(v, v, -v), math.Mod(v, 0.3), math.Remainder(v, 0.3))
	}
}
