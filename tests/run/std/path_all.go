// path and path/filepath on every odd spelling.
package main

import (
	"fmt"
	"path"
	"path/filepath"
)

func main() {
	ps := []string{"", ".", "..", "/", "//", "a", "a/", "a/b", "/a/b/", "a//b", "a/./b", "a/../b", "../a", "/..", "/../a", "a/b/../../..", "x.tar.gz", ".hidden", "a.b/c", "//a/b", "a/b/.", "日/本.go"}
	for _, p := range ps {
		d, f := path.Split(p)
		fmt.Printf("%q %q %q %q %q %q %q %t\n", p, path.Clean(p), path.Base(p), path.Dir(p), path.Ext(p), d, f, path.IsAbs(p))
		fmt.Printf("  %q %q %q %q %t %q\n", filepath.Clean(p), filepath.Base(p), filepath.Dir(p), filepath.ToSlash(p), filepath.IsLocal(p), filepath.VolumeName(p))
		l, err := filepath.Localize(p)
		fmt.Printf("  %q %v\n", l, err)
		for _, q := range ps[:16] {
			r, err := filepath.Rel(p, q)
			fmt.Printf("  %q %q %v\n", path.Join(p, q), r, err)
		}
	}
	for _, m := range [][2]string{{"*", "a"}, {"*", "a/b"}, {"a*b?c", "axxbyc"}, {"[a-c]x", "bx"}, {"[^a-c]x", "bx"}, {"\\*", "*"}, {"[", "a"}, {"a[", "a"}, {"[]a]", "]"}, {"*x*", "axb"}, {"a/*/c", "a/b/c"}, {"", ""}, {"日?", "日本"}, {"[a-", "a"}, {"a*a*a*a*b", "aaaaaaaaaaaaa"}} {
		ok, err := path.Match(m[0], m[1])
		ok2, err2 := filepath.Match(m[0], m[1])
		fmt.Println(m, ok, err, ok2, err2)
	}
	fmt.Println(filepath.SplitList("/a:/b::c"), filepath.Join("a", "", "../b"), filepath.FromSlash("a/b"))
}
