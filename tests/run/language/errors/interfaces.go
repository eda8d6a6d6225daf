//test:nobuild

// Types that do not implement an interface: missing, wrong, pointer methods.
package main

type shape interface {
	area() float64
	name(string) string
}
type missing struct{}
type wrong struct{}
type pointer struct{}

func (missing) area() float64        { return 0 }
func (wrong) area() int              { return 0 }
func (wrong) name(string) string     { return "" }
func (*pointer) area() float64       { return 0 }
func (*pointer) name(string) string  { return "" }

func use(shape) {}

func main() {
	use(missing{})
	use(wrong{})
	use(pointer{})
	use(&pointer{})
	use(nil)
	use(5)
	var s shape = pointer{}
	_ = s.(missing)
	_ = s.(int)
	var p *shape
	p.area()
}
