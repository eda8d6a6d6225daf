// A field far behind a nil pointer.
package main

type huge struct {
	pad [1 << 20]byte
	x   int
}

var p *huge

func main() { println(p.x) }
