// text/template: pipelines, variables' scopes, comparison, errors, break and continue, blocks,
// nil values, methods and functions that fail.
package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"text/template"
)

type thing struct {
	Name   string
	Tags   []string
	Props  map[string]any
	Next   *thing
	F      func(int) string
	Any    any
	hidden int
}

func (t thing) Value(n int) string { return fmt.Sprint(t.Name, n) }
func (t *thing) Pointer() string   { return "ptr:" + t.Name }
func (t thing) Fails(ok bool) (string, error) {
	if ok {
		return "fine", nil
	}
	return "", errors.New("method failed")
}
func (t thing) Seq(yield func(int) bool) { _ = yield(10) && yield(20) && yield(30) }
func (t thing) Panics() string           { panic("in a method") }

func run(text string, data any) {
	t, err := template.New("t").Funcs(template.FuncMap{
		"join":    strings.Join,
		"fail":    func() (int, error) { return 0, errors.New("function failed") },
		"boom":    func() int { panic("function panics") },
		"list":    func(a ...any) []any { return a },
		"seq2":    func() func(func(string, int) bool) { return maps.All(map[string]int{"only": 1}) },
		"nothing": func() any { return nil },
	}).Parse(text)
	if err != nil {
		fmt.Printf("%q: %v\n", text, err)
		return
	}
	var out strings.Builder
	err = t.Execute(&out, data)
	fmt.Printf("%q: %q %v\n", text, out.String(), err)
}

func main() {
	th := &thing{Name: "n", Tags: []string{"a", "b", "c"}, Props: map[string]any{"x": 1, "y": nil, "z": []int{1, 2}},
		Next: &thing{Name: "next"}, F: func(i int) string { return strings.Repeat("f", i) }}
	for _, text := range []string{
		`{{.Name | printf "%s-%s" "p" | len}}`,
		`{{range $i, $e := .Tags}}{{if $i}}, {{end}}{{$i}}={{$e}}{{else}}none{{end}}`,
		`{{range .Tags}}{{if eq . "b"}}{{continue}}{{end}}{{.}}{{end}}`,
		`{{range .Tags}}{{if eq . "b"}}{{break}}{{end}}{{.}}{{end}}`,
		`{{range $i := 4}}{{$i}}{{end}} {{range 0}}x{{else}}zero{{end}}`,
		`{{range .Seq}}{{.}},{{end}}`,
		`{{range $k, $v := seq2}}{{$k}}:{{$v}}{{end}}`,
		`{{with $x := .Next}}{{$x.Name}}{{.Pointer}}{{else with .Name}}{{.}}{{end}}`,
		`{{with .Next.Next}}yes{{else with .Name}}else {{.}}{{else}}no{{end}}`,
		`{{.Value 3}} {{.Next.Value 4}} {{.Pointer}}`,
		`{{.Fails true}} {{.Fails false}}`,
		`{{.Panics}}`, `{{boom}}`, `{{fail}}`, `{{nothing}}`, `{{nil}}`, `{{.Any}}`, `{{.Any.X}}`,
		`{{call .F 3}} {{call .Name}}`,
		`{{index .Props "x"}} {{index .Props "none"}} {{index .Props.z 1}} {{.Props.y}} {{.Props.none}}`,
		`{{index .Tags 5}}`, `{{index .Tags "x"}}`, `{{slice .Tags 1 2}} {{slice .Name 0 1}}`, `{{slice .Tags 2 1}}`,
		`{{eq 1 2 3 1}} {{ne "a" "b"}} {{lt 1 2}} {{ge 2.5 2.5}} {{eq .Any nil}} {{eq .Next .Next}}`,
		`{{eq 1 1.0}}`, `{{eq 1 "a"}}`, `{{lt .Tags .Tags}}`, `{{eq .Tags .Tags}}`,
		`{{and 1 0 fail}} {{or 0 "x" fail}} {{not 0}} {{and}}`,
		`{{and .Next .Next.Name}} {{or .Next.Next "default"}}`,
		`{{$x := 1}}{{if true}}{{$x = 2}}{{$y := 3}}{{$x}}{{$y}}{{end}}{{$x}}`,
		`{{if true}}{{$y := 3}}{{end}}{{$y}}`,
		`{{define "a"}}[{{.}}]{{end}}{{template "a" .Name}}{{template "a"}}{{block "b" .Tags}}{{len .}}{{end}}`,
		`{{define "a"}}1{{end}}{{define "a"}}2{{end}}{{template "a"}}`,
		`{{template "missing"}}`, `{{.Missing}}`, `{{.hidden}}`, `{{.Name.X}}`, `{{.Next.Next.Name}}`,
		`{{printf "%d %v %q" 1 nil "a"}}`, `{{print 1 2 "a" "b" 3 nil}}|{{println "x" 1}}`,
		`{{html "<a href='x'>&"}} {{js "it's \"</script>\""}} {{urlquery "a b&c=ü"}}`,
		"{{- .Name -}}  \n x {{- /* comment */ -}} y", `{{/* a */}}{{"quoted {{ }}"}}{{` + "`raw`" + `}}`,
		`{{1_000}} {{0x1F}} {{'a'}} {{1e3}} {{1i}} {{0b11}} {{-3}} {{1.}}`,
		`{{.Name`, `{{end}}`, `{{if}}x{{end}}`, `{{range .}}`, `{{else}}`, `{{break}}`, `{{.Name | }}`, `{{|}}`, `{{1 2}}`, `{{undefined}}`, `{{"unclosed}}`, `{{$x}}`, `{{.x.}}`, `{{if true}}{{else}}{{else}}{{end}}`, `{{template}}`, `{{define}}`,
		`{{len 3}}`, `{{len nil}}`, `{{list 1 nil "a"}}`, `{{(index .Props "z") | len}}`, `{{(.Next).Name}} {{(list 1 2 3) | len}}`,
		`{{range .Props}}{{.}};{{end}}`, `{{range $k, $v := .Props}}{{$k}}={{$v}};{{end}}`, `{{range .Name}}{{end}}`,
		`{{join .Tags "+"}} {{join .Tags}}`, `{{.Tags | join}}`,
	} {
		run(text, th)
	}
	run(`{{.}} {{.x}} {{.none}}`, map[string]int{"x": 5})
	run(`{{.}}`, nil)
	run(`{{.X}}`, struct{ X *int }{})
	t := template.Must(template.New("root").Option("missingkey=error").Parse(`{{.none}}`))
	fmt.Println(t.Execute(os.Stdout, map[string]int{}))
	t.Option("missingkey=zero")
	fmt.Println(t.Execute(os.Stdout, map[string]int{}))
	fmt.Println()
	deep := template.Must(template.New("deep").Parse(`{{template "deep" .}}`))
	err := deep.Execute(os.Stdout, nil)
	fmt.Println(strings.Contains(fmt.Sprint(err), "exceeded maximum template depth"))
	d := template.Must(template.New("d").Delims("<<", ">>").Parse(`<<.>> {{.}}`))
	fmt.Println(d.Execute(os.Stdout, "delims"), d.DefinedTemplates())
	c := template.Must(d.Clone())
	template.Must(c.New("other").Parse("o"))
	fmt.Println(len(c.DefinedTemplates()), d.Lookup("other") == nil)
}
