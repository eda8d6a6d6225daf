// go with a nil func value.
package main

func main() {
	var f func()
	go f()
}
