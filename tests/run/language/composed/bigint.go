// Big natural numbers in slices of words: addition, product, powers, decimal text; checked
// against math/big.
package main

import (
	"fmt"
	"math/big"
	"math/bits"
	"strings"
)

type nat []uint64

func (a nat) norm() nat {
	for len(a) > 0 && a[len(a)-1] == 0 {
		a = a[:len(a)-1]
	}
	return a
}
func (a nat) add(b nat) nat {
	if len(a) < len(b) {
		a, b = b, a
	}
	r := make(nat, len(a)+1)
	var carry uint64
	for i := range a {
		var w uint64
		if i < len(b) {
			w = b[i]
		}
		r[i], carry = bits.Add64(a[i], w, carry)
	}
	r[len(a)] = carry
	return r.norm()
}
func (a nat) mul(b nat) nat {
	r := make(nat, len(a)+len(b))
	for i, x := range a {
		var carry uint64
		for j, y := range b {
			hi, lo := bits.Mul64(x, y)
			var c uint64
			lo, c = bits.Add64(lo, r[i+j], 0)
			hi += c
			lo, c = bits.Add64(lo, carry, 0)
			r[i+j], carry = lo, hi+c
		}
		r[i+len(b)] = carry
	}
	return r.norm()
}
func (a nat) pow(n uint) nat {
	r := nat{1}
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			r = r.mul(a)
		}
		a = a.mul(a)
	}
	return r
}
func (a nat) divWord(d uint64) (q nat, r uint64) {
	q = make(nat, len(a))
	for i := len(a) - 1; i >= 0; i-- {
		q[i], r = bits.Div64(r, a[i], d)
	}
	return q.norm(), r
}
func (a nat) String() string {
	if len(a) == 0 {
		return "0"
	}
	var parts []string
	for len(a) > 0 {
		var r uint64
		a, r = a.divWord(1e18)
		parts = append(parts, fmt.Sprintf("%018d", r))
	}
	var b strings.Builder
	for i := range parts {
		b.WriteString(parts[len(parts)-1-i])
	}
	return strings.TrimLeft(b.String(), "0")
}

func main() {
	f := nat{1}
	want := big.NewInt(1)
	for i := uint64(2); i <= 60; i++ {
		f = f.mul(nat{i})
		want.Mul(want, big.NewInt(int64(i)))
	}
	fmt.Println(f, f.String() == want.String())
	a, b := nat(nil), nat{1}
	for range 500 {
		a, b = b, a.add(b)
	}
	fmt.Println(a)
	p := nat{3}.pow(300)
	w := new(big.Int).Exp(big.NewInt(3), big.NewInt(300), nil)
	fmt.Println(p, p.String() == w.String())
	fmt.Println(nat{1<<64 - 1}.add(nat{1}), nat{}.mul(nat{5}), nat{1<<64 - 1}.mul(nat{1<<64 - 1}))
	_, r := p.divWord(1_000_000_007)
	fmt.Println(r, new(big.Int).Mod(w, big.NewInt(1_000_000_007)))
}
