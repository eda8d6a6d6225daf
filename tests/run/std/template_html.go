// html/template: contextual escaping in text, attributes, URLs, scripts, styles; html's functions.
package main

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
)

func main() {
	data := map[string]any{
		"S": `<script>alert("x & 'y'")</script>`, "U": "javascript:alert(1)", "L": "/a b?q=1&r=é", "N": 5, "J": map[string]any{"a": []int{1}, "b": "</script>"},
		"H": template.HTML("<b>ok</b>"), "C": "expression(1)", "CS": template.CSS("color: red"), "JS": template.JS("f(1)"), "URL": template.URL("javascript:ok()"), "A": template.HTMLAttr(`title="t"`), "SS": template.Srcset("a.png 1x"), "T": true, "E": fmt.Errorf("e<r>"), "NIL": nil, "P": []string{"a", "b"},
	}
	for _, src := range []string{
		`<p>{{.S}}</p>{{.H}} {{.N}} {{.E}} {{.NIL}}`, `<a href="{{.U}}" title='{{.S}}'>x</a>`, `<a href="{{.L}}?q={{.S}}&x={{.L}}">`, `<a href="{{.URL}}">`, `<a onclick="f({{.S}}, {{.J}})">`,
		`<script>var a = {{.J}}, b = {{.S}}, c = "{{.S}}", d = {{.N}}, e = {{.JS}}, f = '{{.L}}', g = /{{.S}}/;</script>`, `<style>p { color: {{.C}}; {{.CS}} width: {{.N}}px; background: url("{{.L}}") }</style>`, `<div style="color: {{.C}}">`, `<input value={{.S}} {{.A}}>`, `<img srcset="{{.L}} 2x, {{.SS}}">`,
		`<textarea>{{.S}}</textarea><title>{{.H}}</title>`, `<!-- {{.S}} -->x`, `{{range $i, $e := .P}}<li id="{{$i}}">{{$e}}{{end}}`, `{{if .T}}<b>{{else}}<b>{{end}}{{.S}}</b>`, "<script>var t = `{{.S}}`</script>", `<a {{.S}}="x">`, `{{define "d"}}<i>{{.}}</i>{{end}}{{template "d" .S}}<b title="{{template "d" .S}}">`,
		`<a href="{{if .T}}/x?{{else}}/y#{{end}}{{.S}}">`, `<script>{{if .T}}"{{end}}{{.S}}</script>`, `<a href='{{.U`, `{{if .T}}<a href="{{end}}x`, `<div>{{.S | html}}</div>`, `<div title={{.S | html}}>`, `{{.Missing}} {{printf "%s" .S}} {{.S | js}} {{.S | urlquery}}`,
	} {
		t, err := template.New("t").Parse(src)
		if err != nil {
			fmt.Println("parse:", err)
			continue
		}
		var b bytes.Buffer
		err = t.Execute(&b, data)
		fmt.Println(b.String())
		if err != nil {
			e, ok := err.(*template.Error)
			fmt.Println("  error:", err, ok && e.ErrorCode > 0)
		}
	}
	t := template.Must(template.New("x").Parse("{{.}}"))
	fmt.Println(t.Execute(&bytes.Buffer{}, 1))
	_, err := t.Parse("again")
	fmt.Println(err)
	_, err = t.Clone()
	fmt.Println(err)
	fmt.Println(html.EscapeString("<&'\">"), html.UnescapeString("&lt;&amp;&eacute;&#x41;&#66;&notit;&nbsp;&unknown;&#1234567890;&#128;&AMP"), template.HTMLEscaper("<", 1), template.JSEscaper("'"))
	fmt.Println(len(html.UnescapeString("&CounterClockwiseContourIntegral;&zwnj;&NotEqualTilde;")))
}
