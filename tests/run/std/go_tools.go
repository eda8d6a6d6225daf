// go/*: scanner, parser, ast, printer, format, types, constant, doc, build constraints, importer-less checking.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/constant"
	"go/doc"
	"go/doc/comment"
	"go/format"
	"go/parser"
	"go/printer"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"sort"
	"strings"
)

const src = `// Package p is for tests.
package p

import "fmt"

// T is a type.
//
// It has a list:
//   - one
//   - two
type T[K comparable, V any] struct {
	A, B int ` + "`json:\"a\"`" + `
	m map[K]V
	*E
}

type E struct{ x   float64 }

// M does it.
func (t *T[K, V]) M(k K) (v V, ok bool) { v, ok = t.m[k]; return }

func (e E) Get() float64 { return e.x }

type I interface{ Get() float64; ~int|string }
type G interface { Get() float64 }

const (
	c0 = iota * 10
	c1
	big = 1 << 100
	f = big / 3.0
)

// Deprecated: no.
func F(a int, b ...string) (s string) {
	defer func() { recover() }()
	x := T[string, int]{A: 1}
	for i := range 3 { _ = i }
	switch v := any(a).(type) { case int: _ = v; default: }
	label: for { break label }
	go fmt.Println(x,   b)
	var g G = x.E
	return fmt.Sprint(a, g, c1, func() {}, <-make(chan int), x.A<<2&^3)
}
`

type imp struct{}

func (imp) Import(path string) (*types.Package, error) {
	if path != "fmt" {
		return nil, fmt.Errorf("no package %q", path)
	}
	p := types.NewPackage("fmt", "fmt")
	for _, n := range []string{"Println", "Sprint"} {
		sig := types.NewSignatureType(nil, nil, nil, types.NewTuple(types.NewVar(0, p, "a", types.NewSlice(types.Universe.Lookup("any").Type()))), types.NewTuple(types.NewVar(0, p, "", types.Typ[types.String])), true)
		p.Scope().Insert(types.NewFunc(0, p, n, sig))
	}
	p.MarkComplete()
	return p, nil
}

func main() {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, parser.ParseComments)
	fmt.Println(err, file.Name, len(file.Decls))
	counts := map[string]int{}
	ast.Inspect(file, func(n ast.Node) bool {
		if n != nil {
			counts[fmt.Sprintf("%T", n)]++
		}
		return true
	})
	fmt.Println(counts)
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{}}
	conf := types.Config{Importer: imp{}, Error: func(err error) { fmt.Println("type error:", err) }}
	pkg, err := conf.Check("p", fset, []*ast.File{file}, info)
	fmt.Println(pkg, err)
	for _, n := range pkg.Scope().Names() {
		o := pkg.Scope().Lookup(n)
		fmt.Println(types.ObjectString(o, types.RelativeTo(pkg)), fset.Position(o.Pos()))
		if c, ok := o.(*types.Const); ok {
			fmt.Println("  ", c.Val(), c.Val().Kind())
		}
		if tn, ok := o.(*types.TypeName); ok {
			ms := types.NewMethodSet(types.NewPointer(tn.Type()))
			for i := range ms.Len() {
				fmt.Println("  ", ms.At(i))
			}
		}
	}
	var lines []string
	for e, tv := range info.Types {
		lines = append(lines, fmt.Sprintf("%s %s %v %v", fset.Position(e.Pos()), types.ExprString(e), tv.Type, tv.Value))
	}
	for id, in := range info.Instances {
		lines = append(lines, fmt.Sprint("instance ", fset.Position(id.Pos()), in.Type))
	}
	for _, s := range info.Selections {
		lines = append(lines, fmt.Sprint("selection ", s))
	}
	sort.Strings(lines)
	fmt.Println(strings.Join(lines, "\n"))
	fmt.Println(types.Implements(pkg.Scope().Lookup("E").Type(), pkg.Scope().Lookup("G").Type().Underlying().(*types.Interface)), types.NewStruct(nil, nil), types.Default(types.Typ[types.UntypedFloat]))
	tv, err := types.Eval(fset, pkg, token.NoPos, "len(\"abc\") + c1")
	fmt.Println(tv.Type, tv.Value, err)
	var buf bytes.Buffer
	fmt.Println(printer.Fprint(&buf, fset, file), buf.Len())
	fmt.Println(buf.String())
	out, err := format.Source([]byte("package  x\nfunc f( ){a:=1;if a>0{return}}\nvar(\nlonger=1\nb   =   2 // c\n)"))
	fmt.Println(string(out), err)
	for _, bad := range []string{"package", "package p; func", "package p\nfunc f() { x := }", "package p\nvar x = \"abc", "package p; import fmt", "package p\nfunc f() {\n\tif x {\n}", "package p; type T struct { a int, b int }", "package p; var s = 'ab'", "package p; func (a, b T) f() {}", "package p\nx := 1"} {
		_, err := parser.ParseFile(token.NewFileSet(), "bad.go", bad, parser.AllErrors)
		if l, ok := err.(scanner.ErrorList); ok {
			for _, e := range l {
				fmt.Println(e)
			}
		}
	}
	for _, bad := range []string{"package p; var x int = \"s\"", "package p; func f() int {}", "package p; import \"os\"; var y = undefinedName", "package p; func f() { x := 1 }", "package p; type T struct{}; func (T) a() {}; func (T) a() {}", "package p; var a, b = b, a", "package p; const c = 1/0; var u uint8 = 300", "package p; func g[T any](x T) {}; func h() { g() ; g[int, int](1) }"} {
		fs := token.NewFileSet()
		f, _ := parser.ParseFile(fs, "bad.go", bad, 0)
		c := types.Config{Importer: imp{}, Error: func(err error) { fmt.Println(err) }}
		c.Check("p", fs, []*ast.File{f}, nil)
	}
	e, err := parser.ParseExpr("a.b[c](d...) + -x*y&^z || !f{1, k: 2}.g")
	fmt.Println(types.ExprString(e), err)
	ast.Print(nil, e.(*ast.BinaryExpr).Y)
	d, err := doc.NewFromFiles(fset, []*ast.File{file}, "p")
	fmt.Println(d.Doc, len(d.Types), d.Types[0].Name, err)
	for _, f := range d.Funcs {
		fmt.Println(f.Name, strings.TrimSpace(f.Doc))
	}
	var cp comment.Parser
	cd := cp.Parse(d.Types[len(d.Types)-1].Doc)
	os.Stdout.Write((&comment.Printer{}).Markdown(cd))
	x, err := constraint.Parse("//go:build (linux && !cgo) || go1.20")
	fmt.Println(x, err, x.Eval(func(t string) bool { return t == "go1.20" }), constraint.GoVersion(x))
	a := constant.MakeFromLiteral("123456789012345678901234567890", token.INT, 0)
	bb := constant.BinaryOp(a, token.QUO, constant.MakeInt64(7))
	fmt.Println(a, bb.ExactString(), bb.Kind(), constant.Compare(a, token.GTR, bb), constant.Shift(a, token.SHR, 60), constant.ToComplex(a), constant.UnaryOp(token.XOR, constant.MakeUint64(5), 8), constant.StringVal(constant.MakeString("s")))
	var sc scanner.Scanner
	text := []byte("x := 0x1F + 'a' /* c */ \"s\" <<= &^= ... // end")
	tf := fset.AddFile("s.go", -1, len(text))
	sc.Init(tf, text, nil, scanner.ScanComments)
	for {
		pos, tok, lit := sc.Scan()
		fmt.Print(fset.Position(pos), " ", tok, " ", lit, "; ")
		if tok == token.EOF {
			break
		}
	}
	fmt.Println(token.ADD.Precedence(), token.FUNC.IsKeyword(), token.Lookup("range"), token.IsExported("X"))
}
