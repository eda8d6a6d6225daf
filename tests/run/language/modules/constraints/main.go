//test:flags -tags special,extra

// Which files take part: names with systems and architectures, build constraints, tags,
// tests, files with an underscore, internal packages.
package main

import (
	"fmt"
	"sort"

	"example.org/constraints/internal/deep"
)

var files []string

func add(name string) bool { files = append(files, name); return true }

func main() {
	sort.Strings(files)
	for _, f := range files {
		fmt.Println(f)
	}
	fmt.Println(deep.Value, system)
}
