// Calls through interfaces: a list of shapes of four kinds.
package main

import "bench/measure"

type shape interface {
	area() int
	grow(by int)
}

type (
	square    struct{ side int }
	rectangle struct{ width, height int }
	triangle  struct{ base, height int }
	line      struct{ length int }
)

func (s *square) area() int      { return s.side * s.side }
func (s *square) grow(by int)    { s.side += by }
func (r *rectangle) area() int   { return r.width * r.height }
func (r *rectangle) grow(by int) { r.width += by }
func (t *triangle) area() int    { return t.base * t.height / 2 }
func (t *triangle) grow(by int)  { t.height += by }
func (l *line) area() int        { return 0 }
func (l *line) grow(by int)      { l.length += by }

func main() {
	const rounds = 2000
	const n = 1000
	measure.Row("interface calls", rounds*n, func() uint64 {
		shapes := make([]shape, n)
		for i := range shapes {
			switch i * i % 7 {
			case 0, 1:
				shapes[i] = &square{i % 10}
			case 2:
				shapes[i] = &rectangle{i % 5, 3}
			case 4:
				shapes[i] = &triangle{i % 6, 4}
			default:
				shapes[i] = &line{i}
			}
		}
		var sum uint64
		for round := range rounds {
			for _, s := range shapes {
				sum += uint64(s.area())
			}
			shapes[round%n].grow(round % 3)
		}
		return sum
	})
}
