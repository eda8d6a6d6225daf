// os.Exit skips deferred calls.
package main

import "os"

func main() {
	defer println("no")
	os.Exit(3)
}
