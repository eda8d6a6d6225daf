// A panic while an imported package is initialised ends the program before main's own.
package main

import (
	"fmt"

	"example.org/panicininit/config"
)

var ready = func() bool { fmt.Println("never"); return true }()

func main() { fmt.Println("never", config.Value, ready) }
