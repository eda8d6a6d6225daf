// A large real program, used as a package: a JavaScript bundler.
package main

import (
	"fmt"
	"os"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	src := "import React from 'react'; const a = async <T,>(x: T) => { for await (const y of x as any) console.log(y?.z ?? 1n, <div className='a'>{y}</div>) }; export default a; class A { #p = 1; static { this.q = 2 } }"
	for _, t := range []api.Target{api.ES2015, api.ES2020, api.ESNext} {
		r := api.Transform(src, api.TransformOptions{Loader: api.LoaderTSX, Target: t, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, Sourcemap: api.SourceMapInline})
		for _, e := range r.Errors {
			fmt.Println("error:", e.Text)
		}
		fmt.Println(len(r.Code), string(r.Code))
	}
	fmt.Fprintln(os.Stderr, "done")
}
