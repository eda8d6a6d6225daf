// Exhaustion of the stack in a goroutine ends the program though main could go on.
package main

import "fmt"

func f(n int) string { return fmt.Sprint(n, f(n+1)) }

func main() {
	go f(0)
	select {}
}
