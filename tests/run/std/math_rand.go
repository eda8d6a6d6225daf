// math/rand and math/rand/v2 with fixed seeds: the same numbers for ever.
package main

import (
	"fmt"
	"math/rand"
	v2 "math/rand/v2"
)

func main() {
	r := rand.New(rand.NewSource(42))
	for range 5 {
		fmt.Println(r.Int(), r.Intn(100), r.Int31n(7), r.Int63n(1e15), r.Uint32(), r.Uint64(), r.Float32(), r.Float64(), r.NormFloat64(), r.ExpFloat64())
	}
	fmt.Println(r.Perm(10))
	s := []string{"a", "b", "c", "d", "e"}
	r.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
	fmt.Println(s)
	b := make([]byte, 10)
	r.Read(b)
	fmt.Println(b)
	z := rand.NewZipf(r, 1.5, 2, 100)
	for range 10 {
		fmt.Print(z.Uint64(), " ")
	}
	fmt.Println()
	r.Seed(7)
	fmt.Println(r.Int())

	p := v2.New(v2.NewPCG(1, 2))
	for range 5 {
		fmt.Println(p.Int(), p.IntN(100), p.Int32N(7), p.Int64N(1e15), p.Uint32(), p.Uint64N(1000), p.UintN(9), p.Float32(), p.Float64(), p.NormFloat64(), p.ExpFloat64(), v2.N(5) < 5)
	}
	fmt.Println(p.Perm(8), p.N(int8(100)))
	var seed [32]byte
	copy(seed[:], "a seed of exactly thirty-two by.")
	c := v2.NewChaCha8(seed)
	cr := v2.New(c)
	var sum uint64
	for range 1000 {
		sum = sum*31 + cr.Uint64()
	}
	fmt.Println(sum, cr.IntN(1<<40))
	st, err := c.MarshalBinary()
	fmt.Printf("%q %v\n", st[:8], err)
	x := c.Uint64()
	d := v2.NewChaCha8([32]byte{})
	fmt.Println(d.UnmarshalBinary(st), d.Uint64() == x)
	c.Read(b)
	fmt.Println(b)
	pcg := v2.NewPCG(3, 4)
	pb, _ := pcg.MarshalBinary()
	fmt.Printf("%q\n", pb)
	vz := v2.NewZipf(p, 2, 1, 50)
	fmt.Println(vz.Uint64(), vz.Uint64(), vz.Uint64())
	for _, f := range []func(){func() { r.Intn(0) }, func() { p.IntN(-1) }, func() { v2.N(0) }, func() { r.Int63n(-5) }, func() { p.Shuffle(-1, nil) }} {
		func() {
			defer func() { fmt.Println(recover()) }()
			f()
		}()
	}
	// The global source is random but in range.
	for range 1000 {
		if n := v2.IntN(6); n < 0 || n > 5 {
			fmt.Println("out of range")
		}
	}
}
