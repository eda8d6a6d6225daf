//go:build go1.22

package main

func later() (fs []func() int) {
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { return i })
	}
	for v := range 2 {
		fs = append(fs, func() int { v++; return v })
	}
	return fs
}
