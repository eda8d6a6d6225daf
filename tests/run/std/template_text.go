// text/template: actions, pipelines, functions, blocks, methods, whitespace, and errors.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"strings"
	"text/template"
)

type user struct {
	Name  string
	Age   int
	Tags  []string
	Attrs map[string]any
	Boss  *user
	F     func(int) int
	hid   int
}

func (u user) Greet(who string) string { return "hi " + who + " from " + u.Name }
func (u *user) Older(n ...int) int     { return u.Age + len(n) }
func (u user) Fail() (string, error)   { return "", errors.New("method failed") }
func (u user) Panic() string           { panic("method panicked") }
func (u user) Seq() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		_ = yield("a", 1) && yield("b", 2)
	}
}

func main() {
	u := &user{Name: "Ann", Age: 30, Tags: []string{"x", "y<z>"}, Attrs: map[string]any{"k": 1, "a": "é", "nest": map[string]int{"q": 5}}, Boss: &user{Name: "Bob"}, F: func(i int) int { return i * i }}
	funcs := template.FuncMap{"up": strings.ToUpper, "add": func(a ...int) (s int) {
		for _, x := range a {
			s += x
		}
		return
	}, "err": func() (int, error) { return 0, errors.New("func failed") }, "seq": func(n int) []int { return make([]int, n) }, "boom": func() int { panic("boom") }}
	for i, src := range []string{
		`{{.Name}} {{.Age | printf "%03d"}} {{.Greet "you"}} {{.Older 1 2}} {{call .F 7}}`,
		`{{range $i, $t := .Tags}}{{if $i}}, {{end}}{{$i}}={{$t}}{{else}}none{{end}}`,
		`{{with .Boss}}{{.Name}}{{with .Boss}}x{{else with .Name}}[{{.}}]{{end}}{{end}} {{$.Name}}`,
		`{{if and .Name (gt .Age 18) (not false)}}adult{{else if eq .Age 3 4 5}}b{{else}}c{{end}}`,
		`{{define "T"}}<{{.}}>{{end}}{{template "T" .Name}}{{template "T"}}{{block "B" .Age}}age {{.}}{{end}}`,
		"{{- 1 -}}  \n {{2 -}} \n x {{- /* comment */ -}} y",
		`{{$x := 5}}{{$x = add $x 2}}{{$x}} {{len .Tags}} {{index .Attrs "nest" "q"}} {{slice "hello" 1 3}} {{index .Tags 1 | html}} {{js "a'b<"}} {{urlquery "a b&c"}}`,
		`{{range $k, $v := .Attrs}}{{$k}}:{{$v}};{{end}}{{range 3}}{{.}}{{end}}{{range $i, $c := "hé"}}{{$i}}{{$c}}{{end}}`,
		`{{range .Seq}}{{.}}{{end}}{{range $a, $b := .Seq}}{{$a}}{{$b}}{{if eq $b 1}}{{continue}}{{end}}{{break}}{{end}}`,
		`{{print 1 "a" 2 3 "b"}} {{println "x"}} {{printf "%q %v" .Name nil}} {{1.5e3}} {{'x'}} {{0x1F}} {{true}} {{1i}} {{"a\tb"}} {{` + "`raw`" + `}}`,
		`{{eq 1 1}} {{ne "a" "b"}} {{lt 1 2}} {{le 2.5 2.5}} {{ge "b" "a"}} {{or "" 0 "z"}} {{and 1 0 2}} {{not ""}}`,
		`{{.Nope}}`, `{{.hid}}`, `{{.Attrs.missing}} {{.Attrs.nest.q}}`, `{{.Fail}}`, `{{.Panic}}`, `{{err}}`, `{{boom}}`, `{{index .Tags 9}}`, `{{call .Name}}`, `{{template "none"}}`, `{{lt 1 "a"}}`, `{{eq .Tags .Tags}}`, `{{.Greet}}`, `{{.Greet 1}}`, `{{nil}}`, `{{.Boss.Boss.Name}}`, `{{range 1.5}}{{end}}`, `{{len 3}}`, `{{add "x"}}`,
		`{{`, `{{if}}{{end}}`, `{{end}}`, `{{if 1}}`, `{{undefined}}`, `{{.A.}}`, `{{"open}}`, `{{1 | 2}}`, `{{$y}}`, `{{range}}`, `{{else}}`, `{{break}}`, `{{template}}`, `{{(1}}`, `{{define "x"}}`, `{{.X = 1}}`, `{{/* c }}`, `{{with $x := 1}}{{$x}}{{end}}{{$x}}`,
	} {
		t, err := template.New(fmt.Sprint("t", i)).Funcs(funcs).Parse(src)
		if err != nil {
			fmt.Println("parse:", err)
			continue
		}
		var b bytes.Buffer
		err = t.Execute(&b, u)
		fmt.Printf("%q %v %d\n", b.String(), err, len(t.Templates()))
		var ee template.ExecError
		if errors.As(err, &ee) {
			fmt.Println("  exec error", ee.Name)
		}
	}
	t := template.Must(template.New("o").Option("missingkey=error").Delims("<<", ">>").Parse("<<.k>> {{no}}\n"))
	fmt.Println(t.Execute(os.Stdout, map[string]int{"k": 1}), t.Execute(os.Stdout, map[string]int{}))
	c := template.Must(t.Clone())
	template.Must(c.New("extra").Parse("extra <<.>>\n"))
	fmt.Println(c.ExecuteTemplate(os.Stdout, "extra", []int{1}), t.Lookup("extra") == nil, c.Name(), len(c.Templates()))
	fmt.Println(t.ExecuteTemplate(os.Stdout, "nope", nil), c.Tree.Root)
	fmt.Println(template.HTMLEscapeString(`<a href="x">'&`), template.JSEscapeString("\u2028'\"<\n"), template.URLQueryEscaper("a/b", 1))
}
