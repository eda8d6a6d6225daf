//test:nobuild

// Misplaced statements: break, continue, labels, goto over variables, missing returns,
// duplicate cases, fallthrough.
package main

func missing(x int) int {
	for x < 10 {
		x++
	}
}

func loop() int {
	for {
	}
}

func main() {
	break
	continue
	if true {
		break lost
	}
	goto over
	x := 1
over:
	_ = x
	switch x {
	case 1:
	case 2, 1:
		fallthrough
	}
	switch any(x).(type) {
	case int:
		fallthrough
	case int:
	}
	for i := range 3 {
		func() { break }()
		_ = i
	}
	defer recover
	go func() {}
}
