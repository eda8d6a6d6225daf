// Order of deferred calls, where recover is legal, nested panics, Goexit.
//
//test:stderr
package main

import "runtime"

func a() (r int) {
	defer func() { r *= 2 }()
	defer func() { r += 3 }()
	return 4
}

func b() (r int) {
	defer func() {
		if e := recover(); e != nil {
			r = e.(int)
		}
	}()
	for i := 0; i < 3; i++ {
		defer func(i int) { println("deferred", i) }(i)
	}
	panic(42)
}

func nested() {
	defer func() { println("outer recovered", recover().(string)) }()
	defer func() {
		defer func() { println("inner recovered", recover().(string)) }()
		panic("second")
	}()
	panic("first")
}

func replaced() {
	defer func() { println("got", recover().(string)); println(recover() == nil) }()
	defer func() { panic("second") }()
	panic("first")
}

func helper() any { return recover() }

func notdirect() {
	defer func() {
		println("helper", helper() == nil)
		println("direct", recover() != nil)
	}()
	panic(1)
}

func repanic() {
	defer func() { println("re", recover().(string)) }()
	func() {
		defer func() { r := recover(); panic(r.(string) + "!") }()
		panic("x")
	}()
}

type T struct{ n int }

func (t T) show() { println("T", t.n) }
func (t *T) rec() { println("rec", recover() != nil) }

func methods() {
	t := T{1}
	defer t.show()
	t.n = 2
	defer t.rec()
	panic("m")
}

func loop() int {
	n := 0
	for i := 0; i < 1000; i++ {
		func() {
			defer func() { n++; recover() }()
			if i%2 == 0 {
				panic(i)
			}
		}()
	}
	return n
}

func goexit() {
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() { println("goexit recover", recover() == nil) }()
		func() {
			defer func() { println("inner", recover() == nil) }()
			runtime.Goexit()
		}()
		println("unreachable")
	}()
	<-done
	done = make(chan bool)
	go func() {
		defer close(done)
		defer func() { println("after goexit panic", recover() == nil) }()
		func() {
			defer func() { println("rec", recover().(string)) }()
			defer func() { panic("in goexit") }()
			runtime.Goexit()
		}()
		println("unreachable")
	}()
	<-done
}

func deepRecover(n int) {
	if n == 0 {
		panic("deep")
	}
	var pad [100]int
	pad[n%100] = n
	deepRecover(n - 1)
	if pad[n%100] != n {
		println("bad")
	}
}

func main() {
	println(a(), b())
	nested()
	replaced()
	notdirect()
	repanic()
	func() { defer func() { recover() }(); methods() }()
	println(loop())
	goexit()
	func() {
		defer func() { println(recover().(string)) }()
		deepRecover(10000)
	}()
	func() {
		defer func() { println(recover().(runtime.Error).Error()) }()
		var p *T
		println(p.n)
	}()
	func() {
		defer func() { println("outer", recover() == nil) }()
		defer func() {
			defer func() { recover() }()
		}()
		defer func() { recover() }()
		panic(3)
	}()
}
