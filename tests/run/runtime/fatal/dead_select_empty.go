// A deadlock: a select without cases.
//
//test:stderr
package main

func main() {
	select {}
}
