// log.Fatal and log.Panic end a program in their own ways.
package main

import (
	"fmt"
	"log"
)

func main() {
	log.SetFlags(0)
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		log.Panicln("panicked", 1)
	}()
	log.Fatalln("fatal", 2)
}
