//test:nobuild

// A cycle of imports does not compile.
package main

import "example.org/importerrors/a"

func main() { a.F() }
