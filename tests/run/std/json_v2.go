// encoding/json/v2 and jsontext: options, inline, unknown fields, streaming tokens.
package main

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

type item struct {
	Name  string         `json:"name,case:ignore"`
	Price float64        `json:"price,string"`
	When  time.Time      `json:"when"`
	Bytes []byte         `json:"bytes"`
	Opt   *int           `json:"opt,omitempty"`
	Empty []int          `json:"empty"`
	Rest  map[string]any `json:",unknown"`
	Sub   sub            `json:",inline"`
}
type sub struct {
	X, Y int `json:",omitzero"`
}

// steady undoes the package's choice between two wordings, which it makes at random.
func steady(err error) string {
	return strings.ReplaceAll(fmt.Sprint(err), "unable to", "cannot")
}

func main() {
	it := item{Name: "pen", Price: 1.5, When: time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC), Bytes: []byte{1, 0xfe}, Rest: map[string]any{"extra": true}, Sub: sub{X: 3}}
	b, err := json.Marshal(it, json.Deterministic(true))
	fmt.Println(string(b), err)
	var back item
	fmt.Println(json.Unmarshal([]byte(`{"NAME":"ink","price":"2.25","when":"2021-03-04T00:00:00Z","bytes":"/wA=","Y":9,"zzz":[1]}`), &back))
	fmt.Printf("%+v\n", back)
	b, err = json.Marshal(map[string]any{"b": 1, "a": []string{"<>"}, "n": nil}, json.Deterministic(true), jsontext.WithIndent("  "), jsontext.EscapeForHTML(true))
	fmt.Println(string(b), err)
	for _, s := range []string{`{"a":1,"a":2}`, `{"x":`, `[1,2`, `"\xff"`, `{"name":5}`, `tru`, `{} {}`} {
		var m item
		err := json.Unmarshal([]byte(s), &m)
		fmt.Println(s, steady(err))
		var se *json.SemanticError
		if errors.As(err, &se) {
			fmt.Println(se.JSONPointer, se.GoType, se.JSONKind)
		}
	}
	var m struct{ A int }
	fmt.Println(json.Unmarshal([]byte(`{"A":1,"B":2}`), &m, json.RejectUnknownMembers(true)) != nil)
	d := jsontext.NewDecoder(strings.NewReader(`{"k":[1,-2.5e3,"s",true,null,{}]}  "next"`))
	for {
		k := d.PeekKind()
		t, err := d.ReadToken()
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Print(k, ":", t, "@", d.StackDepth(), d.StackPointer(), " ")
	}
	e := jsontext.NewEncoder(os.Stdout, jsontext.Multiline(true))
	e.WriteToken(jsontext.BeginObject)
	e.WriteToken(jsontext.String("v"))
	fmt.Println(e.WriteToken(jsontext.EndObject))
	e.WriteValue(jsontext.Value(`[1, 2]`))
	e.WriteToken(jsontext.EndObject)
	v := jsontext.Value(`{"b": 2, "a": 1.0e0}`)
	fmt.Println(v.Canonicalize(), v.String(), v.IsValid(), v.Kind())
	fmt.Println(jsontext.AppendQuote(nil, "é\x01\""))
	up := json.MarshalFunc(func(s string) ([]byte, error) { return jsontext.AppendQuote(nil, strings.ToUpper(s)) })
	b, err = json.Marshal([]any{"a", map[string]string{"k": "v"}}, json.WithMarshalers(up))
	fmt.Println(string(b), err)
	un := json.UnmarshalFromFunc(func(d *jsontext.Decoder, p *int) error {
		t, err := d.ReadToken()
		*p = len(t.String())
		return err
	})
	var n []int
	fmt.Println(json.Unmarshal([]byte(`["abc","de"]`), &n, json.WithUnmarshalers(un)), n)
}
