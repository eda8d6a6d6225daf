// Imports with names, dots and blanks; a package whose name is not its path's last part;
// the same package under two names; shadowed packages.
package main

import (
	"fmt"
	. "strings"
	text "strings"

	"example.org/imports/go-shapes"
	"example.org/imports/v2"
	one "example.org/imports/one/util"
	two "example.org/imports/two/util"
)

func main() {
	fmt.Println(ToUpper("dot"), text.ToLower("NAMED"), Repeat("ab", 2))
	fmt.Println(shapes.Name, imports.Version)
	fmt.Println(one.Who(), two.Who(), one.Shared == two.Shared)
	*one.Shared = 5
	fmt.Println(*two.Shared)
	fmt.Printf("%T %T\n", one.T{}, two.T{})
	_, same := any(one.T{}).(two.T)
	fmt.Println(same, any(one.T{}) == any(one.T{}))
	{
		fmt := shapes.Name
		one := two.Who
		_ = fmt
		print(ToLower(""), one()[:0])
	}
}
