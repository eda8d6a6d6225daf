// testing used by a program: Benchmark, AllocsPerRun, quick, fstest, iotest, cryptotest-free parts.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand"
	"reflect"
	"sort"
	"strings"
	"testing"
	"testing/fstest"
	"testing/quick"
)

var sink any
var text string

type gen struct{ n int }

func (gen) Generate(r *rand.Rand, size int) reflect.Value { return reflect.ValueOf(gen{r.Intn(10)}) }

func main() {
	r := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			text = strings.Repeat("x", 10)
		}
	})
	fmt.Println(r.N > 0, r.T > 0, r.NsPerOp() >= 0, strings.Contains(r.String(), "ns/op"))
	r = testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(100)
		for range b.N {
			sink = make([]byte, 1000)
		}
		b.ReportMetric(7, "things/op")
	})
	fmt.Println(r.AllocsPerOp(), r.AllocedBytesPerOp() >= 1000, r.Extra["things/op"], r.Bytes)
	fmt.Println(testing.AllocsPerRun(100, func() { sink = new([50]int) }), testing.AllocsPerRun(100, func() { text = text[:5] }))
	r = testing.Benchmark(func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
			}
		})
	})
	fmt.Println(r.N > 0)
	r = testing.Benchmark(func(b *testing.B) { b.Fatal("failing benchmark") })
	fmt.Println(r.N)

	fmt.Println(quick.Check(func(a, b int) bool { return a+b == b+a }, nil))
	err := quick.Check(func(s []int8) bool { return len(s) < 40 }, &quick.Config{Rand: rand.New(rand.NewSource(1)), MaxCount: 1000})
	var ce *quick.CheckError
	fmt.Println(errors.As(err, &ce))
	fmt.Println(quick.CheckEqual(func(x uint8) int { return int(x) * 2 }, func(x uint8) int { return int(x) << 1 }, nil))
	fmt.Println(quick.Check(func(g gen) bool { return g.n >= 0 && g.n < 10 }, nil))
	fmt.Println(quick.Check(5, nil), quick.Check(func() {}, nil))
	v, ok := quick.Value(reflect.TypeFor[map[string][]struct{ A *int }](), rand.New(rand.NewSource(2)))
	fmt.Println(v.Type(), ok)
	_, ok = quick.Value(reflect.TypeFor[chan int](), rand.New(rand.NewSource(2)))
	fmt.Println(ok)

	m := fstest.MapFS{"a/b.txt": {Data: []byte("x"), Mode: 0o600}, "c": {Data: []byte("yy")}, "d/e/f": {}}
	fmt.Println(fstest.TestFS(m, "a/b.txt", "c"))
	fmt.Println(fstest.TestFS(m, "missing") != nil)
	g, _ := fs.Glob(m, "*/*")
	sort.Strings(g)
	fi, err := m.Stat("d")
	fmt.Println(g, fi.Mode(), err)
	fmt.Println(testing.CoverMode(), testing.Coverage(), testing.Testing())
	tests := []testing.InternalTest{{Name: "TestGood", F: func(t *testing.T) {
		t.Run("sub", func(t *testing.T) { t.Log("in sub"); t.Cleanup(func() { fmt.Println("cleanup") }) })
		t.Run("skipped", func(t *testing.T) { t.Skip("why not") })
		t.Run("par", func(t *testing.T) { t.Parallel() })
		fmt.Println(t.Name(), t.TempDir() != "", t.Context().Err())
		t.Setenv("GX_T", "1")
	}}, {Name: "TestBad", F: func(t *testing.T) {
		defer fmt.Println("deferred in bad")
		t.Errorf("one %d", 1)
		t.FailNow()
		fmt.Println("not here")
	}}}
	ok = testing.RunTests(func(pat, str string) (bool, error) { return true, nil }, tests)
	fmt.Println(ok)
}
