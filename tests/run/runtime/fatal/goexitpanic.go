// A panic in a call deferred before Goexit.
package main

import "runtime"

func main() {
	defer func() { panic(1) }()
	runtime.Goexit()
}
