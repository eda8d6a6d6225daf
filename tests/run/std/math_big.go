// math/big: integers, rationals and floats.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand"
)

func fact(n int64) *big.Int { return new(big.Int).MulRange(1, n) }

func main() {
	a, _ := new(big.Int).SetString("123456789012345678901234567890123456789", 10)
	b, _ := new(big.Int).SetString("-fedcba9876543210fedcba", 16)
	fmt.Println(a, b, a.BitLen(), b.Sign(), a.Cmp(b), a.CmpAbs(b))
	var q, r, z big.Int
	for _, pair := range [][2]*big.Int{{a, b}, {b, a}, {a, big.NewInt(-7)}, {b, big.NewInt(13)}, {fact(60), fact(20)}} {
		x, y := pair[0], pair[1]
		q.QuoRem(x, y, &r)
		fmt.Println(&q, &r)
		q.DivMod(x, y, &r)
		fmt.Println(&q, &r)
		fmt.Println(z.Add(x, y), z.Sub(x, y), z.Mul(x, y))
		fmt.Println(z.And(x, y), z.Or(x, y), z.Xor(x, y), z.AndNot(x, y), z.Not(x))
		fmt.Println(z.GCD(&q, &r, x, y), &q, &r)
		fmt.Println(z.Lsh(x, 77), z.Rsh(x, 13), z.Rsh(y, 5))
	}
	fmt.Println(fact(100))
	fmt.Println(new(big.Int).Exp(big.NewInt(3), big.NewInt(1000), nil))
	m, _ := new(big.Int).SetString("170141183460469231731687303715884105727", 10)
	fmt.Println(z.Exp(a, fact(15), m), z.ModInverse(a, m), z.ModSqrt(big.NewInt(2), big.NewInt(7)), z.Sqrt(a), big.Jacobi(a, m))
	fmt.Println(m.ProbablyPrime(10), a.ProbablyPrime(10), fact(9).TrailingZeroBits(), z.Binomial(100, 50))
	for base := 2; base <= 62; base += 15 {
		s := a.Text(base)
		back, ok := new(big.Int).SetString(s, base)
		fmt.Println(s, ok, back.Cmp(a))
	}
	fmt.Printf("%d %x %#X %o %b %40d| %-45d| %+d %s %v\n", b, a, a, big.NewInt(64), big.NewInt(5), big.NewInt(7), a, a, a, b)
	x := new(big.Int).Set(a)
	x.SetBit(x, 200, 1)
	fmt.Println(x, x.Bit(200), x.Bytes()[:3], x.IsInt64(), x.Uint64(), len(x.Bits()))
	f64, acc := new(big.Float).SetInt(a).Float64()
	fmt.Println(f64, acc)
	fmt.Println(a.Float64())
	js, _ := json.Marshal(map[string]*big.Int{"n": a})
	var back map[string]*big.Int
	fmt.Println(string(js), json.Unmarshal(js, &back), back["n"].Cmp(a))
	var n int
	fmt.Sscan("99999999999999999999999 5", &z, &n)
	fmt.Println(&z, n)
	// Large numbers: multiplication beyond Karatsuba's threshold, long division, conversions.
	big1 := fact(3000)
	big2 := fact(1800)
	q.QuoRem(big1, big2, &r)
	s := q.String()
	fmt.Println(len(s), s[:40], s[len(s)-800:len(s)-760], &r)
	rn := rand.New(rand.NewSource(5))
	for range 50 {
		u := new(big.Int).Rand(rn, big1)
		v := new(big.Int).Rand(rn, big2)
		v.Add(v, big.NewInt(1))
		q.QuoRem(u, v, &r)
		z.Mul(&q, v).Add(&z, &r)
		t, _ := new(big.Int).SetString(u.String(), 10)
		if z.Cmp(u) != 0 || t.Cmp(u) != 0 {
			fmt.Println("wrong")
		}
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		z.Div(a, new(big.Int))
	}()

	h := new(big.Rat)
	for i := int64(1); i <= 40; i++ {
		h.Add(h, big.NewRat(1, i))
	}
	fmt.Println(h, h.FloatString(50), h.Num().BitLen(), h.IsInt())
	rt, ok := new(big.Rat).SetString("-3.125e-3")
	fmt.Println(rt, ok, rt.Inv(rt), rt.Neg(rt).Abs(rt), rt.Cmp(h), rt.RatString())
	fmt.Println(new(big.Rat).SetFloat64(0.1))
	fl, exact := big.NewRat(1, 3).Float64()
	fmt.Println(fl, exact)
	fmt.Println(big.NewRat(1, 6).FloatPrec())

	two := new(big.Float).SetPrec(300).SetInt64(2)
	root := new(big.Float).SetPrec(300).Sqrt(two)
	fmt.Println(root.Text('f', 80), root.Prec(), root.Mode(), root.MinPrec())
	for _, mode := range []big.RoundingMode{big.ToNearestEven, big.ToNearestAway, big.ToZero, big.AwayFromZero, big.ToNegativeInf, big.ToPositiveInf} {
		f := new(big.Float).SetMode(mode).SetPrec(5).SetFloat64(-1.0625 - 1.0/32)
		fmt.Println(mode, f, f.Acc())
	}
	g, _, err := big.ParseFloat("1.5e1000", 10, 100, big.ToNearestEven)
	fmt.Println(g, err, g.IsInt(), g.MantExp(nil))
	fmt.Printf("%.10g %10.3f| %e %x\n", g, two, root, two)
	fmt.Println(new(big.Float).Quo(two, new(big.Float)), new(big.Float).SetInf(true), new(big.Float).Sub(root, root).Signbit())
	func() {
		defer func() { fmt.Println(recover()) }()
		inf := new(big.Float).SetInf(false)
		new(big.Float).Sub(inf, inf)
	}()
	fi, acc := g.Int(nil)
	fmt.Println(len(fi.String()), acc)
	// Pi by Machin's formula.
	prec := uint(400)
	arctan := func(inv int64) *big.Float {
		sum := new(big.Float).SetPrec(prec)
		term := new(big.Float).SetPrec(prec).Quo(big.NewFloat(1).SetPrec(prec), new(big.Float).SetPrec(prec).SetInt64(inv))
		sq := new(big.Float).SetPrec(prec).SetInt64(inv * inv)
		for i := int64(0); i < 300; i++ {
			t := new(big.Float).SetPrec(prec).Quo(term, new(big.Float).SetPrec(prec).SetInt64(2*i+1))
			if i%2 == 0 {
				sum.Add(sum, t)
			} else {
				sum.Sub(sum, t)
			}
			term.Quo(term, sq)
		}
		return sum
	}
	pi := new(big.Float).SetPrec(prec).Mul(big.NewFloat(16), arctan(5))
	pi.Sub(pi, new(big.Float).SetPrec(prec).Mul(big.NewFloat(4), arctan(239)))
	fmt.Println(pi.Text('f', 100))
	pf, _ := pi.Float64()
	fmt.Println(pf == math.Pi)
}
