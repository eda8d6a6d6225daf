// Floats as text: fmt's verbs, strconv's formats, extremes, infinities, NaN, minus zero.
package main

import (
	"fmt"
	"math"
	"strconv"
)

func main() {
	values := []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 1.0 / 3, 2.5, 100, 1e6, 1e20, 1e21, 123456789, 1234567890123456789,
		1e-4, 1e-5, 5e-324, math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN(), math.Pi, 6.02214076e23}
	for _, v := range values {
		fmt.Println(v)
		fmt.Printf("%v %g %e %f %G %E %b %x\n", v, v, v, v, v, v, v, v)
		fmt.Printf("|%8.2f|%-8.2f|%08.2f|%+.1e|% g|%+g|%6.3g|%.0f|\n", v, v, v, v, v, v, v, v)
	}
	for _, v := range []float64{0.1, 1e21, 123.456, math.NaN()} {
		for _, f := range []byte("gefGEb") {
			for _, prec := range []int{-1, 0, 3} {
				fmt.Print(strconv.FormatFloat(v, f, prec, 64), " ", strconv.FormatFloat(v, f, prec, 32), " ")
			}
		}
		fmt.Println()
	}
	for _, s := range []string{"1", "-0", "1e400", "1e-400", "inf", "-Infinity", "nan", "0x1p-2", "1_0", "", "1.2.3",
		"4.9406564584124654e-324", "2.4703282292062327e-324", "1.7976931348623159e308", "9007199254740993"} {
		f, err := strconv.ParseFloat(s, 64)
		fmt.Println(s, f, math.Signbit(f), err)
	}
	f, err := strconv.ParseFloat("3.5e38", 32)
	fmt.Println(f, err)
	fmt.Println(float32(0.1), float64(float32(0.1)), float32(1e21), []float32{1.5, 16777216})
}
