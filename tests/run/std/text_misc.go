// text/scanner, text/tabwriter, container/*, index/suffixarray.
package main

import (
	"bytes"
	"container/heap"
	"container/list"
	"container/ring"
	"fmt"
	"index/suffixarray"
	"os"
	"slices"
	"strings"
	"text/scanner"
	"text/tabwriter"
)

type pq []*item
type item struct {
	v        string
	pri, idx int
}

func (p pq) Len() int           { return len(p) }
func (p pq) Less(i, j int) bool { return p[i].pri > p[j].pri }
func (p pq) Swap(i, j int)      { p[i], p[j] = p[j], p[i]; p[i].idx, p[j].idx = i, j }
func (p *pq) Push(x any)        { it := x.(*item); it.idx = len(*p); *p = append(*p, it) }
func (p *pq) Pop() (x any)      { o := *p; n := len(o) - 1; x = o[n]; *p = o[:n]; return }

func main() {
	var s scanner.Scanner
	s.Init(strings.NewReader("x := 3.14e2 + 'a' \"str\\n\" `raw\nstr` 0x1F 0b11 0o7 1_000 // c\n/* block */ y != é \x01 \"open\n 09 'ab' 1e"))
	s.Filename = "f"
	s.Mode ^= scanner.SkipComments
	s.Error = func(s *scanner.Scanner, msg string) { fmt.Println("error", s.Position, msg) }
	for t := s.Scan(); t != scanner.EOF; t = s.Scan() {
		fmt.Printf("%s %s %q\n", s.Position, scanner.TokenString(t), s.TokenText())
	}
	fmt.Println(s.ErrorCount, s.Pos())
	s.Init(strings.NewReader("a-b c%d"))
	s.Error = nil
	s.IsIdentRune = func(ch rune, i int) bool { return ch == '-' && i > 0 || ch >= 'a' && ch <= 'z' }
	s.Whitespace = 1<<' ' | 1<<'%'
	for t := s.Scan(); t != scanner.EOF; t = s.Scan() {
		fmt.Print(s.TokenText(), ";")
	}
	fmt.Println(string(s.Peek()), s.Next())

	for _, fl := range []uint{0, tabwriter.AlignRight | tabwriter.Debug, tabwriter.DiscardEmptyColumns, tabwriter.TabIndent, tabwriter.FilterHTML | tabwriter.StripEscape} {
		w := tabwriter.NewWriter(os.Stdout, 5, 8, 1, '.', fl)
		fmt.Fprintln(w, "a\tbbb\tc")
		fmt.Fprintln(w, "aaaa\tb\tccccc\tx")
		fmt.Fprintln(w, "\t\tüü<b>\t&lt;\xffesc\tape\xff")
		fmt.Fprint(w, "cell\vv\f\nlast\twithout")
		w.Flush()
		fmt.Println()
	}

	q := pq{}
	for i, w := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		heap.Push(&q, &item{v: w, pri: len(w)*10 + i})
	}
	q[3].pri = 100
	heap.Fix(&q, 3)
	heap.Remove(&q, 2)
	for q.Len() > 0 {
		it := heap.Pop(&q).(*item)
		fmt.Print(it.v, it.pri, " ")
	}
	fmt.Println()
	l := list.New()
	e4 := l.PushBack(4)
	e1 := l.PushFront(1)
	l.InsertBefore(3, e4)
	l.InsertAfter(2, e1)
	l.MoveToFront(e4)
	l.MoveAfter(e1, e4)
	l2 := list.New()
	l2.PushBackList(l)
	l2.PushFrontList(l)
	l.Remove(e4)
	for e := l2.Front(); e != nil; e = e.Next() {
		fmt.Print(e.Value, " ")
	}
	fmt.Println(l.Len(), l.Back().Value, l.Front().Prev() == nil)
	r := ring.New(5)
	for i := range r.Len() {
		r.Value = i
		r = r.Next()
	}
	r = r.Move(2)
	cut := r.Unlink(2)
	r.Do(func(v any) { fmt.Print(v, " ") })
	cut.Link(ring.New(1)).Do(func(v any) { fmt.Print(v, ";") })
	fmt.Println(r.Len())

	text := []byte(strings.Repeat("banana bandana ", 30))
	ix := suffixarray.New(text)
	at := ix.Lookup([]byte("ana"), -1)
	slices.Sort(at)
	fmt.Println(len(at), at[:6], len(ix.Lookup([]byte("zzz"), 1)), len(ix.Lookup([]byte("ban"), 7)))
	var buf bytes.Buffer
	fmt.Println(ix.Write(&buf), buf.Len())
	var iy suffixarray.Index
	fmt.Println(iy.Read(&buf), len(iy.Lookup([]byte("nd"), -1)), bytes.Equal(iy.Bytes(), text))
}
