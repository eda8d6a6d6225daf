// sync.OnceFunc and its like that panic, errors.Join and wrapping of many, weak pointers and
// unique handles, iterator helpers of slices and maps, sync.Map, context values.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unique"
	"weak"
)

func catch(f func()) (r any) {
	defer func() { r = recover() }()
	f()
	return "no panic"
}

func once() {
	n := 0
	f := sync.OnceFunc(func() { n++; panic(fmt.Sprint("call ", n)) })
	fmt.Println(catch(f), catch(f), n)
	v := sync.OnceValue(func() int { n++; return n })
	fmt.Println(v(), v())
	vs := sync.OnceValues(func() (int, error) { n++; return n, errors.New("again") })
	fmt.Println(vs())
	fmt.Println(vs())
	g := sync.OnceFunc(func() { panic(nil) })
	fmt.Println(catch(g))
	fmt.Println(catch(g))
	var o sync.Once
	fmt.Println(catch(func() { o.Do(func() { panic("first") }) }), catch(func() { o.Do(func() { panic("second") }) }))
	var wg sync.WaitGroup
	var calls atomic.Int32
	h := sync.OnceFunc(func() { calls.Add(1) })
	for range 50 {
		wg.Go(h)
	}
	wg.Wait()
	fmt.Println(calls.Load())
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() { fmt.Println("goexit in once:", recover()) }()
		sync.OnceFunc(func() { runtime.Goexit() })()
	}()
	<-done
}

type coded struct {
	code int
	err  error
}

func (c *coded) Error() string   { return fmt.Sprint("code ", c.code, ": ", c.err) }
func (c *coded) Unwrap() error   { return c.err }
func (c *coded) Is(t error) bool { return t == errSpecial && c.code == 7 }

var errSpecial = errors.New("special")

type asked struct{ error }

func (a asked) As(target any) bool {
	if p, ok := target.(*int); ok {
		*p = 5
		return true
	}
	return false
}

func wrapping() {
	a, b := errors.New("a"), &coded{7, fs.ErrNotExist}
	j := errors.Join(nil, a, nil, b)
	fmt.Printf("%q %v %v %v\n", j, errors.Is(j, a), errors.Is(j, os.ErrNotExist), errors.Is(j, errSpecial))
	var c *coded
	var pe *fs.PathError
	fmt.Println(errors.As(j, &c), c == b, errors.As(j, &pe), errors.Join(nil, nil) == nil, errors.Unwrap(j))
	w := fmt.Errorf("two: %w and %w, %v", a, j, b)
	u, ok := w.(interface{ Unwrap() []error })
	fmt.Println(w, ok, len(u.Unwrap()), errors.Is(w, errSpecial))
	bad := fmt.Errorf("%w %d", "not an error", 3)
	fmt.Println(bad, errors.Unwrap(bad), fmt.Errorf("%w", nil), fmt.Errorf("%[2]w %[1]w", a, b))
	_, err := os.Open("/no/such/file")
	fmt.Println(err, errors.Is(err, fs.ErrNotExist), errors.As(err, &pe), pe.Op, pe.Path, os.IsNotExist(err), os.IsNotExist(fmt.Errorf("x: %w", err)))
	e, found := errors.AsType[*coded](w)
	fmt.Println(e == b, found)
	fmt.Println(catch(func() { errors.As(a, nil) }), catch(func() { errors.As(a, a) }), catch(func() { errors.As(a, new(int)) }))
	fmt.Println(errors.As(nil, &c), errors.Is(nil, nil), errors.Is(nil, a), errors.Is(errors.Join(errors.Join(a)), a))
	var s interface{ As(any) bool }
	fmt.Println(errors.As(asked{a}, &s), s != nil)
}

type blob struct {
	data [1 << 12]byte
	next *blob
}

func weaks() {
	type both struct{ w, w2 weak.Pointer[blob] }
	made := make(chan both)
	// On a stack of its own, where nothing is left of it.
	go func() {
		p := &blob{}
		w, w2 := makeWeak(p)
		made <- both{w, w2}
	}()
	b := <-made
	w, w2 := b.w, b.w2
	m := map[weak.Pointer[blob]]string{w: "there"}
	for range 10 {
		runtime.GC()
		if w.Value() == nil {
			break
		}
	}
	fmt.Println(w.Value() == nil, w == w2, m[w2])
	uniques()
}

func makeWeak(p *blob) (w, w2 weak.Pointer[blob]) {
	w, w2 = weak.Make(p), weak.Make(p)
	inner := weak.Make(&p.data)
	fmt.Println(w == w2, w.Value() == p, inner.Value() == &p.data, weak.Make[int](nil).Value() == nil)
	var zero weak.Pointer[blob]
	fmt.Println(zero == weak.Make[blob](nil), zero.Value())
	runtime.KeepAlive(p)
	return w, w2
}

func uniques() {
	a, b := unique.Make("x"+fmt.Sprint(1)), unique.Make("x1")
	fmt.Println(a == b, a.Value(), a == unique.Make("x2"))
	type pt struct {
		x, y int
		s    string
		e    any
	}
	h := unique.Make(pt{1, 2, "s", 3.5})
	fmt.Println(h == unique.Make(pt{1, 2, strings.ToLower("S"), 3.5}), h.Value())
	fmt.Println(catch(func() { unique.Make(pt{e: []int{}}) }))
	fmt.Println(unique.Make[any](1) == unique.Make[any](1), unique.Make[error](nil) == unique.Make[error](nil))
}

func iterators() {
	s := []int{5, 3, 9, 1, 3}
	fmt.Println(slices.Sorted(slices.Values(s)), slices.Collect(slices.Chunk(s, 2)), slices.Collect(maps.Values(map[int]int{1: 2})))
	for i, v := range slices.Backward(s) {
		fmt.Print(i, v, " ")
	}
	fmt.Println(slices.SortedStableFunc(slices.Values(s), func(a, b int) int { return cmp.Compare(b, a) }))
	fmt.Println(catch(func() { slices.Chunk(s, 0) }), slices.AppendSeq([]int{0}, slices.Values(s[:2])), slices.Repeat([]int{1, 2}, 2))
	fmt.Println(catch(func() { slices.Repeat(s, -1) }), catch(func() { slices.Insert(s, 9, 1) }), catch(func() { slices.Delete(s, 3, 2) }), catch(func() { slices.Replace(s, 1, 9) }))
	t := slices.Clone(s)
	u := slices.Delete(t, 1, 3)
	fmt.Println(u, t, slices.Insert(slices.Clip(u), 1, 7, 8), slices.Compact([]int{1, 1, 2, 2, 1}), cap(slices.Grow(u, 10)) >= 13)
	i, ok := slices.BinarySearchFunc([]string{"a", "bb", "ccc"}, 2, func(s string, n int) int { return cmp.Compare(len(s), n) })
	fmt.Println(i, ok, slices.IndexFunc(s, func(v int) bool { return v > 5 }), slices.Contains(s, 4), slices.MaxFunc(s, cmp.Compare[int]), slices.Min([]float64{1, 2}))
	fmt.Println(catch(func() { slices.Max([]int{}) }), slices.Compare(s, s[:3]), slices.Equal(s, s), slices.Concat(s[:1], nil, s[3:]))
	for p := range strings.SplitAfterSeq("a,b,,c", ",") {
		fmt.Printf("%q ", p)
	}
	for l := range strings.Lines("x\ny\r\nz") {
		fmt.Printf("%q ", l)
	}
	for f := range strings.FieldsFuncSeq(" a1b22c ", func(r rune) bool { return r < 'a' }) {
		fmt.Print(f, " ")
	}
	fmt.Println()
	var m sync.Map
	for i := range 5 {
		m.Store(i, fmt.Sprint(i))
	}
	v, loaded := m.LoadOrStore(3, "x")
	fmt.Println(v, loaded, m.CompareAndSwap(3, "3", "three"), m.CompareAndDelete(4, "no"))
	old, was := m.Swap(9, "nine")
	fmt.Println(old, was)
	m.Delete(0)
	n := 0
	for k := range m.Range {
		n += k.(int)
	}
	fmt.Println(n)
	m.Clear()
	_, ok = m.Load(3)
	fmt.Println(ok, catch(func() { m.Store([]int{}, 1) }), catch(func() { m.CompareAndSwap(3, []int{}, 1) }))
	type key struct{}
	ctx := context.WithValue(context.WithValue(context.Background(), key{}, 1), "s", "v")
	fmt.Println(ctx.Value(key{}), ctx.Value("s"), ctx.Value("t"), ctx)
	fmt.Println(catch(func() { context.WithValue(ctx, nil, 1) }), catch(func() { context.WithValue(ctx, []int{}, 1) }))
}

func main() {
	once()
	wrapping()
	weaks()
	iterators()
}
