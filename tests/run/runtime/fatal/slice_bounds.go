// A slice expression out of range deep in calls.
package main

type S struct{ data []int }

//go:noinline
func (s *S) cut(i, j int) []int { return s.data[i:j] }

//go:noinline
func run(s *S, n int) int {
	if n == 0 {
		return len(s.cut(3, 2))
	}
	return run(s, n-1) + 1
}

func main() {
	run(&S{make([]int, 5)}, 3)
}
