// Claim: deferred calls form a list whose head belongs to the goroutine; a new one goes
// in front, a return takes from the front until the frame's own are gone. A model of the
// list, compared with what the language does.
package main

import "fmt"

type deferred struct {
	fn    func()
	frame int
	link  *deferred
}

type g struct {
	head   *deferred
	frames int
}

func (g *g) deferproc(frame int, fn func()) {
	g.head = &deferred{fn: fn, frame: frame, link: g.head}
}

func (g *g) deferreturn(frame int) {
	for g.head != nil && g.head.frame == frame {
		d := g.head
		g.head = d.link
		d.fn()
	}
}

func (g *g) call(body func(frame int)) {
	g.frames++
	frame := g.frames
	body(frame)
	g.deferreturn(frame)
}

func model(say func(string)) {
	var g g
	g.call(func(outer int) {
		g.deferproc(outer, func() { say("outer 1") })
		g.call(func(inner int) {
			for i := range 3 {
				g.deferproc(inner, func() { say(fmt.Sprint("inner ", i)) })
			}
			say("inner body")
		})
		g.deferproc(outer, func() {
			g.call(func(nested int) {
				g.deferproc(nested, func() { say("nested") })
				say("outer 2")
			})
		})
		say("outer body")
	})
}

func real(say func(string)) {
	defer func() { say("outer 1") }()
	func() {
		for i := range 3 {
			defer func() { say(fmt.Sprint("inner ", i)) }()
		}
		say("inner body")
	}()
	defer func() {
		defer say("nested")
		say("outer 2")
	}()
	say("outer body")
}

func main() {
	var a, b []string
	model(func(s string) { a = append(a, s) })
	real(func(s string) { b = append(b, s) })
	for i := range a {
		fmt.Println(a[i], a[i] == b[i])
	}
	fmt.Println(len(a) == len(b))
}
