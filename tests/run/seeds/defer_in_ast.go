// Claim: a defer statement is a node of its own as soon as the parser is done, before
// types are known; its call is an ordinary call expression below it.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
)

const source = `package p

import "time"

func f() {
	defer println("x")
	defer time.Sleep(100)
	if false {
		defer func() { recover() }()
	}
	for i := 0; i < 2; i++ {
		defer close(undeclared[i])
	}
}
`

func text(fset *token.FileSet, node ast.Node) string {
	var b bytes.Buffer
	printer.Fprint(&b, fset, node)
	return b.String()
}

func main() {
	fset := token.NewFileSet()
	if _, err := parser.ParseFile(fset, "noclause.go", `func f() { defer println("x") }`, 0); err != nil {
		fmt.Println(err)
	}
	if _, err := parser.ParseFile(fset, "nocall.go", "package p\nfunc f() { defer 1 }", 0); err != nil {
		fmt.Println(err)
	}
	f, err := parser.ParseFile(fset, "test.go", source, parser.SkipObjectResolution)
	if err != nil {
		fmt.Println(err)
		return
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if d, ok := n.(*ast.DeferStmt); ok {
			fmt.Printf("%v: %T of %T with %d arguments: %q\n",
				fset.Position(d.Pos()), d, d.Call.Fun, len(d.Call.Args), text(fset, d.Call))
		}
		return true
	})
	small, err := parser.ParseFile(fset, "small.go", "package p\nfunc f() { defer println(\"x\") }", parser.SkipObjectResolution)
	if err != nil {
		fmt.Println(err)
		return
	}
	ast.Print(fset, small.Decls[0].(*ast.FuncDecl).Body)
}
