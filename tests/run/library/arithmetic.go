// Long numbers, whose loops are runtime calls, and the exponential function to the last bit.
package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"fmt"
	"hash/fnv"
	"math"
	"math/big"
)

func long() {
	h := fnv.New64a()
	x, y := big.NewInt(1), big.NewInt(3)
	for i := range 300 {
		x.Mul(x, big.NewInt(int64(i)*1_000_003+7))
		y.Lsh(y, uint(i%61)).Sub(y, x).Add(y, big.NewInt(int64(-i)))
		q, r := new(big.Int).QuoRem(x, new(big.Int).Abs(new(big.Int).Rsh(y, 500+uint(i))).Add(big.NewInt(1), big.NewInt(int64(i))), new(big.Int))
		fmt.Fprint(h, new(big.Int).Mul(x, y), q, r, new(big.Int).Sqrt(x))
	}
	m := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 521), big.NewInt(1))
	fmt.Println(h.Sum64(), x.BitLen(), m.ProbablyPrime(5), new(big.Int).GCD(nil, nil, x, new(big.Int).Exp(big.NewInt(21), big.NewInt(40), nil)))
	fmt.Println(new(big.Int).Exp(x, y.Abs(y), m))
	all := new(big.Int).SetBytes(make([]byte, 0))
	for n := range 70 {
		ones := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(64*n)), big.NewInt(1))
		square := new(big.Int).Mul(ones, ones)
		all.Xor(all, square.Add(square, ones))
	}
	fmt.Println(all.BitLen(), new(big.Int).Mod(all, big.NewInt(1_000_000_007)))
}

func exponential() {
	h := fnv.New64a()
	for _, x := range []float64{0, 1, -1, 709.78, 709.79, -745, -746, -708.5, 1e-20, math.Inf(1), math.Inf(-1), math.NaN()} {
		fmt.Print(math.Exp(x), " ")
	}
	for i := -4000; i < 4000; i++ {
		x := float64(i) * 0.173
		fmt.Fprint(h, math.Float64bits(math.Exp(x)), math.Float64bits(math.Pow(math.Abs(x), 1.7)))
	}
	fmt.Println(h.Sum64())
}

func signature() {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	text := []byte("a message")
	cipher, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, &key.PublicKey, text, nil)
	if err != nil {
		panic(err)
	}
	back, err := rsa.DecryptOAEP(sha1.New(), nil, key, cipher, nil)
	fmt.Println(string(back), err)
}

func sums() {
	data := make([]byte, 70_000)
	for i := range data {
		data[i] = byte(i * i >> 3)
	}
	h := sha1.New()
	for n := 0; n < 300; n++ {
		sum := sha1.Sum(data[n : 2*n])
		h.Write(sum[:])
	}
	h.Write(data)
	fmt.Printf("%x\n", h.Sum(nil))
}

// bytesOf ranges over the bytes of a string that changes meanwhile.
func bytesOf(s string) (sum int) {
	for i, c := range []byte(s) {
		s = "other"
		sum = sum*31 + i + int(c)
	}
	for i := range []byte(s + s) {
		sum += i
	}
	for _, c := range []byte("constant") {
		c++
		sum ^= int(c)
	}
	return sum
}

type text string

type table [40]int

// squares returns its result by name, beside one that is not itself.
func squares(n int) (t, u table, ok bool) {
	for i := range min(n, len(t)) {
		t[i] = i * i
	}
	u[1] = n
	if n%2 == 0 {
		return t, u, true
	}
	return u, t, false
}

func main() {
	long()
	exponential()
	sums()
	fmt.Println(bytesOf("héllo"), bytesOf(""), bytesOf(string(text("x"))))
	for _, n := range []int{2, 3} {
		t, u, ok := squares(n)
		fmt.Println(t[:3], u[:3], ok)
	}
	signature()
}
