// What can be done with a value whose type is one of a set: arithmetic that wraps by type,
// shifts, conversions, indexing and slicing of strings and byte slices, ranges over core types,
// make, append, copy, len and cap, calls, fields through methods, comparison, and switches.
package main

import "fmt"

type integer interface {
	~int8 | ~uint8 | ~int16 | ~uint16 | ~int32 | ~uint32 | ~int64 | ~uint64
}
type text interface{ ~string | ~[]byte }
type float interface{ ~float32 | ~float64 }
type small int8
type bytes []byte
type mapping map[string]int

func wraps[T integer](x T) []T {
	return []T{x + x, x * x, -x, ^x, x << 3, x >> 1, x / 3, x % 3, x &^ 5, x ^ x<<1, x + 100}
}
func convert[To, From integer | float](x From) To { return To(x) }
func all[T integer | float](x T) string {
	return fmt.Sprint(convert[int8](x), convert[uint8](x), convert[int32](x), convert[uint64](x), convert[float32](x))
}
func shift[T, S integer](x T, by S) (T, T) { return x << by, x >> by }
func count[T text](t T, b byte) (n int) {
	for i := 0; i < len(t); i++ {
		if t[i] == b {
			n++
		}
	}
	return
}
func middle[T text](t T) T              { return t[1 : len(t)-1] }
func str[T text](t T) string            { return string(t) }
func raw[T text](t T) []byte            { return []byte(t) }
func grow[T text](b []byte, t T) []byte { return append(b, t...) }
func over[T text](dst []byte, t T) int  { return copy(dst, t) }
func collect[S ~[]E, E any](s S) (out []E) {
	for i := range s {
		out = append(out, s[i])
	}
	return
}
func elems[P ~*[3]E, E any](p P) (sum []E) {
	for i, x := range p {
		p[i] = p[len(p)-1-i]
		sum = append(sum, x)
	}
	return append(sum, p[:]...)
}
func fresh[M ~map[K]V, K comparable, V any](k K, v V) M {
	m := make(M, 4)
	m[k] = v
	delete(m, *new(K))
	return m
}
func made[S ~[]E, E any](n int, x E) S {
	s := make(S, n, 2*n)
	for i := range s {
		s[i] = x
	}
	return append(s[:n:n], x)
}
func call[F ~func(A) R, A, R any](f F, a A) R { return f(a) }
func send[C ~chan E, E any](n int, x E) (C, int) {
	c := make(C, n)
	for range n {
		c <- x
	}
	close(c)
	return c, cap(c)
}
func name[T any](x T) string {
	switch y := any(x).(type) {
	case int8:
		return fmt.Sprint("int8 ", y+127)
	case small:
		return fmt.Sprint("small ", y+127)
	case []T:
		return "slice of itself"
	case func() T:
		return "func"
	case nil:
		return "nil"
	}
	var p any = &x
	if _, ok := p.(*string); ok {
		return "string"
	}
	return fmt.Sprintf("%T", x)
}
func maxOf[T integer | float | ~int | ~string](a T, rest ...T) T {
	for _, x := range rest {
		a = max(a, x)
	}
	return a
}
func zero[T any]() (z T)            { return }
func isZero[T comparable](x T) bool { return x == *new(T) }
func absolute[T float | ~int](x T) T {
	if x < 0 {
		return -x
	}
	return x + 0
}

func main() {
	fmt.Println(wraps[int8](100), wraps[uint8](200), wraps(small(-128)))
	fmt.Println(wraps[int16](-30000), wraps[uint32](1<<31), wraps[int64](-1<<63))
	fmt.Println(all(int8(-1)), all(uint16(65535)), all(int64(1<<40+5)), all(float32(3.99)), all(-2.5+0))
	fmt.Println(shift(int8(-100), uint8(1)))
	fmt.Println(shift(uint8(255), uint64(9)))
	fmt.Println(shift(int64(-1), int8(63)))
	fmt.Println(count("banana", 'a'), count(bytes("banana"), 'n'), middle("<x>"), string(middle(bytes("[yy]"))))
	fmt.Println(str(bytes("b")), raw("r"), string(grow([]byte("a"), "bc")), string(grow(nil, bytes("d"))), over(make([]byte, 2), "xyz"))
	fmt.Println(collect([]string{"a", "b"}), collect([]rune{1, 2, 3}), elems(&[3]rune{1, 2, 3}))
	fmt.Println(fresh[mapping]("k", 1), fresh[map[int]bool](0, true), made[bytes](2, 'x'), cap(made[[]int](1, 0)) >= 2)
	fmt.Println(call(func(i int) string { return fmt.Sprint(i * i) }, 12), call(len2, "four"))
	c, n := send[chan string](2, "s")
	fmt.Println(<-c, <-c, n, len(c))
	fmt.Println(name(int8(1)), name(small(1)), name("s"), name(1.5), name([]int{}), name[error](nil), name[any]([]any{}))
	fmt.Println(maxOf(3, 1, 4), maxOf("b", "abc", "c"), maxOf(1.5, -2), maxOf(small(-3)))
	fmt.Println(zero[*int]() == nil, zero[string]() == "", zero[[2]bool](), isZero(0), isZero("x"), isZero([2]any{}), isZero[any](nil))
	fmt.Println(absolute(-3), absolute(-2.5), 1/absolute(float32(-0.0)))
}

func len2(s string) int { return 2 * len(s) }
