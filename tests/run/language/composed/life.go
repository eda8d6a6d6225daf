// A grid on a torus stepped many times; arrays of arrays as values and as map keys.
package main

import "fmt"

const n = 8

type grid [n][n]bool

func (g grid) at(x, y int) int {
	if g[(y+n)%n][(x+n)%n] {
		return 1
	}
	return 0
}
func (g grid) next() (r grid) {
	for y := range g {
		for x := range g[y] {
			sum := 0
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					if dx != 0 || dy != 0 {
						sum += g.at(x+dx, y+dy)
					}
				}
			}
			r[y][x] = sum == 3 || sum == 2 && g[y][x]
		}
	}
	return r
}
func (g grid) String() (s string) {
	for _, row := range g {
		for _, c := range row {
			s += map[bool]string{true: "#", false: "."}[c]
		}
		s += "\n"
	}
	return
}
func (g *grid) draw(x, y int, rows ...string) {
	for dy, row := range rows {
		for dx, c := range row {
			g[(y+dy)%n][(x+dx)%n] = c == '#'
		}
	}
}
func (g grid) population() (p int) {
	for y := range n {
		for x := range n {
			p += g.at(x, y)
		}
	}
	return
}

func main() {
	var g grid
	g.draw(0, 0, ".#.", "..#", "###")
	seen := map[grid]int{}
	for step := 0; ; step++ {
		if first, ok := seen[g]; ok {
			fmt.Println("period", step-first, "after", first, "seen", len(seen))
			break
		}
		seen[g] = step
		if step%8 == 0 {
			fmt.Print(g)
			fmt.Println(g.population())
		}
		g = g.next()
	}
	var empty grid
	fmt.Println(empty.next() == empty, g == empty)
	g.draw(3, 5, "##", "##")
	for range 10 {
		g = g.next()
	}
	fmt.Print(g)
}
