// Methods on types of every kind: functions, maps, slices, channels, arrays, basic types.
package main

import (
	"fmt"
	"sort"
	"strings"
)

type (
	ints    []int
	counts  map[string]int
	handler func(string) string
	pipe    chan int
	vector  [3]float64
	flag    uint8
	text    string
	rate    float32
	wave    complex128
	ok      bool
	link    struct{ next *link }
	chain   []func(int) int
)

func (s ints) Len() int                  { return len(s) }
func (s ints) Less(i, j int) bool        { return s[i] > s[j] }
func (s ints) Swap(i, j int)             { s[i], s[j] = s[j], s[i] }
func (s *ints) push(v int)               { *s = append(*s, v) }
func (s *ints) pop() (v int)             { v, *s = (*s)[len(*s)-1], (*s)[:len(*s)-1]; return }
func (c counts) add(w string) counts     { c[w]++; return c }
func (h handler) twice(s string) string  { return h(h(s)) }
func (h handler) then(g handler) handler { return func(s string) string { return g(h(s)) } }
func (p pipe) send(vs ...int) pipe {
	for _, v := range vs {
		p <- v
	}
	return p
}
func (p pipe) sum() (s int) {
	close(p)
	for v := range p {
		s += v
	}
	return
}
func (v vector) dot(w vector) (d float64) {
	for i := range v {
		d += v[i] * w[i]
	}
	return
}
func (v *vector) scale(k float64) {
	for i := range v {
		v[i] *= k
	}
}
func (f flag) has(g flag) bool { return f&g == g }
func (f *flag) set(g flag)     { *f |= g }
func (t text) shout() text     { return text(strings.ToUpper(string(t))) + "!" }
func (r rate) String() string  { return fmt.Sprintf("%.1f%%", float32(r)*100) }
func (w wave) flip() wave      { return wave(complex(imag(w), real(w))) }
func (o ok) String() string {
	if o {
		return "fine"
	}
	return "bad"
}
func (l *link) length() int {
	if l == nil {
		return 0
	}
	return 1 + l.next.length()
}
func (c chain) run(v int) int {
	for _, f := range c {
		v = f(v)
	}
	return v
}

func main() {
	s := ints{3, 1, 2}
	s.push(9)
	sort.Sort(s)
	fmt.Println(s, sort.IsSorted(s))
	fmt.Println(s.pop(), len(s))
	fmt.Println(counts{}.add("a").add("b").add("a"))
	h := handler(func(s string) string { return "<" + s + ">" })
	fmt.Println(h.twice("x"), h.then(strings.ToUpper).twice("y"), handler(strings.TrimSpace).then(h)("  z "))
	fmt.Println(make(pipe, 5).send(1, 2, 3).send().send(4).sum())
	v := vector{1, 2, 3}
	v.scale(2)
	fmt.Println(v, v.dot(vector{1, 1, 1}))
	var f flag
	f.set(5)
	fmt.Println(f.has(4), f.has(2), flag(7).has(f))
	fmt.Println(text("hey").shout().shout(), rate(0.25), []rate{0.5, 1}, wave(1+2i).flip(), ok(true), ok(false), map[ok]ok{true: false})
	fmt.Println((&link{&link{&link{}}}).length(), (*link)(nil).length())
	fmt.Println(chain{func(x int) int { return x + 1 }, func(x int) int { return x * x }}.run(4))
	type local struct{ ints }
	l := local{}
	l.push(5)
	l.push(6)
	fmt.Println(l.pop(), l.Len(), l)
}
