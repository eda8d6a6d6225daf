// A deadlock: receiving from a nil channel, in a function below main.
package main

//go:noinline
func wait(c chan int) int { return <-c }

func main() {
	wait(nil)
}
