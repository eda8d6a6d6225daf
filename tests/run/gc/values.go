// Objects of all shapes, reachable in all ways, survive collections with their contents.
package main

import (
	"fmt"
	"runtime"
	"sort"
	"strings"
)

type shape struct {
	name string
	tags []string
	any  any
	big  *[300]*shape
	f    func() string
	ch   chan *shape
	arr  [3]*string
}

func make1(i int) *shape {
	name := fmt.Sprintf("n%05d", i*7919%5000)
	s := &shape{name: name, f: func() string { return name }}
	for j := range i % 5 {
		s.tags = append(s.tags, strings.Repeat("x", j+1))
	}
	switch i % 4 {
	case 0:
		s.any = i
	case 1:
		s.any = name + "!"
	case 2:
		s.any = map[int]string{i: name}
	case 3:
		s.big = new([300]*shape)
		s.big[i%300] = &shape{name: name}
		s.any = s.big[i%300:]
	}
	s.ch = make(chan *shape, 2)
	s.ch <- &shape{name: name}
	s.arr[i%3] = &strings.Split(name+",", ",")[0]
	return s
}

func (s *shape) check(i int) int {
	want := fmt.Sprintf("n%05d", i)
	inner := <-s.ch
	s.ch <- inner
	names := []string{s.name, s.f(), inner.name}
	for _, p := range s.arr {
		if p != nil {
			names = append(names, *p)
		}
	}
	n := len(strings.Join(s.tags, ","))
	switch v := s.any.(type) {
	case int:
		n += v
	case string:
		n += len(v)
	case map[int]string:
		for k, name := range v {
			names = append(names, name)
			n += k
		}
	case []*shape:
		names = append(names, v[0].name)
	}
	for _, name := range names {
		if name != want {
			panic(name + " instead of " + want)
		}
	}
	return n
}

func main() {
	var all []*shape
	for i := range 5000 {
		all = append(all, make1(i))
	}
	sort.Slice(all, func(i, j int) bool { return all[i].name < all[j].name })
	for range 3 {
		sum := 0
		for i, s := range all {
			sum += s.check(i)
		}
		fmt.Println(sum)
		runtime.GC()
	}
	// Only the middle of an array keeps it alive.
	middle := &all[2500].name
	slices := make([][]*shape, 0)
	for i := 0; i < len(all); i += 500 {
		slices = append(slices, append([]*shape(nil), all[i:i+500]...)[100:200])
	}
	all = nil
	runtime.GC()
	sum := 0
	for i, part := range slices {
		for j, s := range part {
			sum += s.check(i*500 + 100 + j)
		}
	}
	fmt.Println(sum, *middle)
}
