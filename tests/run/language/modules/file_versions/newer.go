//go:build go1.23

package main

func newLoop() (out []int) {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	for _, f := range fs {
		out = append(out, f())
	}
	return
}

func newWhole() (out []int) {
	var ps []*int
	for _, v := range []int{5, 6, 7} {
		ps = append(ps, &v)
	}
	for _, p := range ps {
		out = append(out, *p)
	}
	return
}

func integers() (n int) {
	for i := range 4 {
		n += i
	}
	return
}

func functions() (n int) {
	for i := range func(yield func(int) bool) { _ = yield(1) && yield(2) && yield(4) } {
		n += i
	}
	return
}
