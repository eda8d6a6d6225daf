// Calls through interfaces with every shape of parameters and results; many types behind
// one interface; method values of interfaces; recursion through them.
package main

import "fmt"

type big struct{ v [12]int }
type op interface {
	many(a, b, c, d, e, f, g, h int, x, y float64) (int, float64)
	large(b big, s string) (big, error)
	mixed(f float32, i int8, s []int, m map[string]int) (string, complex128, bool)
	variadic(xs ...any) int
	none()
}
type one struct{ n int }
type two struct {
	b   big
	log []string
}
type three func(string)

func (o one) many(a, b, c, d, e, f, g, h int, x, y float64) (int, float64) {
	return a + b*2 + c*3 + d*4 + e*5 + f*6 + g*7 + h*8 + o.n, x - y
}
func (o one) large(b big, s string) (big, error) { b.v[11] += len(s) + o.n; return b, nil }
func (o one) mixed(f float32, i int8, s []int, m map[string]int) (string, complex128, bool) {
	return fmt.Sprint(f, i, s, m), complex(float64(f), float64(i)), o.n > 0
}
func (o one) variadic(xs ...any) int { return len(xs) + o.n }
func (one) none()                    { fmt.Print("one ") }

func (t *two) many(a, b, c, d, e, f, g, h int, x, y float64) (int, float64) {
	t.log = append(t.log, "many")
	return a * h, x * y
}
func (t *two) large(b big, s string) (big, error) {
	t.b, b = b, t.b
	return b, fmt.Errorf("swapped for %s", s)
}
func (t *two) mixed(f float32, i int8, s []int, m map[string]int) (string, complex128, bool) {
	s[0] = int(i)
	m["two"]++
	return "two", 1i, false
}
func (t *two) variadic(xs ...any) int { t.log = append(t.log, fmt.Sprint(xs...)); return -1 }
func (t *two) none()                  { fmt.Print("two ", t.log, " ") }

func (f three) many(a, b, c, d, e, g, h, i int, x, y float64) (int, float64) { f("many"); return 0, 0 }
func (f three) large(b big, s string) (big, error)                           { f(s); return big{}, nil }
func (f three) mixed(float32, int8, []int, map[string]int) (string, complex128, bool) {
	return "three", 3, true
}
func (f three) variadic(xs ...any) int { f(fmt.Sprint(len(xs))); return 3 }
func (f three) none()                  { f("none") }

type expr interface {
	eval(map[string]float64) float64
}
type num float64
type variable string
type binary struct {
	op   byte
	l, r expr
}

func (n num) eval(map[string]float64) float64          { return float64(n) }
func (v variable) eval(env map[string]float64) float64 { return env[string(v)] }
func (b binary) eval(env map[string]float64) float64 {
	x, y := b.l.eval(env), b.r.eval(env)
	switch b.op {
	case '+':
		return x + y
	case '*':
		return x * y
	}
	return x - y
}

func main() {
	t := &two{}
	for _, o := range []op{one{5}, t, three(func(s string) { fmt.Print("three:", s, " ") }), &one{7}} {
		fmt.Println(o.many(1, 2, 3, 4, 5, 6, 7, 8, 2.5, 0.5))
		b, err := o.large(big{[12]int{11: 100}}, "abc")
		fmt.Println(b.v[11], err)
		s, m := []int{1}, map[string]int{}
		fmt.Println(o.mixed(1.5, -3, s, m))
		variadic, none := o.variadic, o.none
		fmt.Println(s, m, variadic(1, "x", nil), o.variadic(), o.variadic([]any{1, 2}...))
		none()
		op.none(o)
		fmt.Println()
	}
	fmt.Println(t.b.v[11])
	var e expr = num(1)
	for i := range 10 {
		e = binary{"+*-"[i%3], e, variable("xy"[i%2 : i%2+1])}
	}
	fmt.Println(e.eval(map[string]float64{"x": 1.5, "y": 2}))
}
