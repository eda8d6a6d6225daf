// encoding/json: struct tags, embedding, custom marshalers, errors, streams, raw messages, numbers.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"
)

type base struct {
	ID   int `json:"id"`
	Kind string
}
type temp float64

func (t temp) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, `{"c":%.1f}`, float64(t)), nil }
func (t *temp) UnmarshalJSON(b []byte) error {
	var x struct{ C float64 }
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	*t = temp(x.C)
	return nil
}

type key struct{ a, b int }

func (k key) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d/%d", k.a, k.b), nil }
func (k *key) UnmarshalText(t []byte) error {
	_, err := fmt.Sscanf(string(t), "%d/%d", &k.a, &k.b)
	return err
}

type all struct {
	base
	*Extra
	S      string          `json:"s,omitempty"`
	I      int             `json:",string"`
	F      float64         `json:"f"`
	B      []byte          `json:"b"`
	P      *int            `json:"p"`
	M      map[string]any  `json:"m,omitempty"`
	MK     map[key]temp    `json:"mk"`
	MI     map[int]string  `json:"mi"`
	T      temp            `json:"t"`
	Raw    json.RawMessage `json:"raw"`
	Skip   string          `json:"-"`
	Dash   string          `json:"-,"`
	A      [3]bool         `json:"a"`
	Any    any             `json:"any"`
	Time   time.Time       `json:"time"`
	Zero   time.Time       `json:"zero,omitzero"`
	hidden int
}
type Extra struct {
	Kind  string
	Score float32 `json:"score"`
}
type failing struct{}

func (failing) MarshalJSON() ([]byte, error) { return nil, errors.New("cannot") }

type loop struct{ L *loop }

func main() {
	n := 5
	v := all{base: base{1, "shadow"}, Extra: &Extra{"deep", 1.5}, I: 7, F: 1e21, B: []byte("hi\xff"), P: &n, M: map[string]any{"z": 1, "a": []any{nil, true, "<&>\u2028"}},
		MK: map[key]temp{{1, 2}: 3, {0, 1}: 4}, MI: map[int]string{2: "b", -1: "a"}, T: 36.6, Raw: json.RawMessage(` {"x" : 1}`), Skip: "s", Dash: "d", Any: v2{}, Time: time.Date(2024, 2, 29, 12, 30, 0, 5, time.UTC)}
	b, err := json.Marshal(v)
	fmt.Println(string(b), err)
	b, err = json.MarshalIndent(v, ">", "  ")
	fmt.Println(string(b), err)
	var back all
	fmt.Println(json.Unmarshal(b, &back))
	fmt.Printf("%+v %v %v\n", back.base, *back.Extra, *back.P)
	fmt.Println(back.I, back.F, string(back.B), back.M, back.MK, back.MI, back.T, string(back.Raw), back.A, back.Any, back.Time)

	for _, x := range []any{math.NaN(), math.Inf(1), make(chan int), func() {}, map[bool]int{true: 1}, failing{}, []any{failing{}}, 1i} {
		_, err := json.Marshal(x)
		fmt.Printf("%v | %T\n", err, err)
	}
	l := &loop{}
	l.L = l
	_, err = json.Marshal(l)
	fmt.Println(err != nil)
	for _, f := range []float64{0, 1, -1.5, 1e20, 1e21, 1e-6, 1e-7, 123456789.125, math.MaxFloat64, 5e-324} {
		a, _ := json.Marshal(f)
		b, _ := json.Marshal(float32(f))
		fmt.Print(string(a), " ", string(b), " ")
	}
	fmt.Println()

	bad := []struct {
		in string
		to any
	}{
		{`{`, new(any)}, {``, new(any)}, {`{"a":}`, new(any)}, {`[1,]`, new(any)}, {`nul`, new(any)}, {`"abc`, new(any)}, {`{"id":"x"}`, new(base)}, {`{"Kind":3}`, new(base)}, {`300`, new(int8)}, {`1.5`, new(int)},
		{`"x"`, new([]byte)}, {`[1,2,3,4]`, new([2]int)}, {`{"a":1} x`, new(any)}, {`"\u12"`, new(string)}, {`"\ud800"`, new(string)}, {"\"\xff\"", new(string)}, {`01`, new(any)}, {`-`, new(any)}, {`1e999`, new(float64)},
		{`{"1/x":1}`, new(map[key]int)}, {`{"a":1}`, new(map[int]int)}, {`null`, new(int)}, {`{"m":{"a":[1,{"b":"x"}]}}`, new(struct{ M map[string][]struct{ B int } })}, {`1`, nil}, {`1`, 5}, {`{"x":1,"x":2}`, new(map[string]int)}, {`[[[[`, new(any)},
	}
	for _, x := range bad {
		err := json.Unmarshal([]byte(x.in), x.to)
		fmt.Printf("%q: %v | %T", x.in, err, err)
		var se *json.SyntaxError
		var ute *json.UnmarshalTypeError
		if errors.As(err, &se) {
			fmt.Print(" offset ", se.Offset)
		}
		if errors.As(err, &ute) {
			fmt.Print(" ", ute.Value, " ", ute.Type, " ", ute.Offset, " ", ute.Struct, " ", ute.Field)
		}
		fmt.Println()
	}

	d := json.NewDecoder(strings.NewReader(`{"a":[1,2.5,"x",null,true,{"b":{}}]} 7 [] {"n":12345678901234567890}`))
	for {
		t, err := d.Token()
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Printf("%T %v %v %d; ", t, t, d.More(), d.InputOffset())
	}
	d = json.NewDecoder(strings.NewReader(`{"n":12345678901234567890,"u":1}{"id":3,"zz":1}`))
	d.UseNumber()
	var a any
	fmt.Println(d.Decode(&a), a)
	num := a.(map[string]any)["n"].(json.Number)
	_, err = num.Int64()
	fmt.Println(num, err)
	d.DisallowUnknownFields()
	fmt.Println(d.Decode(&back.base))
	rest, _ := io.ReadAll(d.Buffered())
	fmt.Printf("%q\n", rest)
	e := json.NewEncoder(os.Stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	e.Encode(map[string]any{"html": "<b>", "n": json.Number("1.50"), "e": []int{}, "nil": []int(nil), "em": map[string]int{}})
	var buf bytes.Buffer
	fmt.Println(json.Compact(&buf, []byte(` { "a" : [ 1 , 2 ] } `)), buf.String())
	buf.Reset()
	fmt.Println(json.Indent(&buf, []byte(`{"a":[1,2],"b":{}}`), "", "\t"), buf.String())
	json.HTMLEscape(&buf, []byte(`"<a>&"`))
	fmt.Println(buf.String(), json.Valid([]byte(`{}`)), json.Valid([]byte(`{]`)))
	// Into existing values.
	ex := map[string]any{"keep": 1}
	json.Unmarshal([]byte(`{"new":2}`), &ex)
	sl := []int{9, 9, 9}
	json.Unmarshal([]byte(`[1]`), &sl)
	var ip any = &back.base
	json.Unmarshal([]byte(`{"ID":77}`), ip)
	fmt.Println(ex, sl, back.base)
	deep := strings.Repeat("[", 9000) + strings.Repeat("]", 9000)
	fmt.Println(json.Unmarshal([]byte(deep), &a), json.Unmarshal([]byte("["+deep+strings.Repeat("[", 2000)), &a) != nil)
}

type v2 struct{}

func (v2) MarshalText() ([]byte, error) { return []byte("as text"), nil }
