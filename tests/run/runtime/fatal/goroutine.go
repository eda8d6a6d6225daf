// A panic in a goroutine.
package main

func main() {
	go func() { panic("goroutine") }()
	select {}
}
