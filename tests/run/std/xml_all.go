// encoding/xml: attributes, nesting, namespaces, chardata, custom marshalers, tokens, errors.
package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

type address struct {
	City, State string
}
type person struct {
	XMLName xml.Name `xml:"person"`
	ID      int      `xml:"id,attr"`
	Nick    *string  `xml:"nick,attr,omitempty"`
	First   string   `xml:"name>first"`
	Last    string   `xml:"name>last"`
	Age     int      `xml:"age,omitempty"`
	Emails  []email  `xml:"email"`
	address
	Comment string    `xml:",comment"`
	Note    string    `xml:"note"`
	Inner   string    `xml:",innerxml"`
	Born    time.Time `xml:"born"`
}
type email struct {
	Where string `xml:"where,attr"`
	Addr  string `xml:",chardata"`
}
type cdata struct {
	Text string `xml:",cdata"`
}
type size int

func (s size) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%dpx", int(s)), nil }
func (s *size) UnmarshalXMLAttr(a xml.Attr) error {
	_, err := fmt.Sscanf(a.Value, "%dpx", (*int)(s))
	return err
}

type box struct {
	W     size       `xml:"w,attr"`
	Any   []node     `xml:",any"`
	Attrs []xml.Attr `xml:",any,attr"`
}
type node struct {
	XMLName  xml.Name
	Text     string `xml:",chardata"`
	Children []node `xml:",any"`
}
type custom struct{ a, b string }

func (c custom) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: "made"}, Value: c.a})
	return e.EncodeElement(c.b, start)
}
func (c *custom) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	c.a = start.Attr[0].Value
	return d.DecodeElement(&c.b, &start)
}

func main() {
	p := person{ID: 13, First: "John", Last: "Doe <&\">", Age: 42, Emails: []email{{"home", "a@b"}, {"work", "c@d"}}, address: address{"Hanga Roa", "Easter Island"}, Comment: " none ", Note: "tab\tnl\n", Born: time.Date(1980, 1, 2, 3, 4, 5, 0, time.UTC)}
	out, err := xml.MarshalIndent(p, " ", "  ")
	fmt.Println(string(out), err)
	var q person
	fmt.Println(xml.Unmarshal(out, &q))
	q.Inner = fmt.Sprint(len(q.Inner))
	fmt.Printf("%+v\n", q)
	fmt.Println(xml.Header)
	out, err = xml.Marshal(cdata{"x]]>y<"})
	fmt.Println(string(out), err)
	out, err = xml.Marshal(struct {
		XMLName xml.Name `xml:"http://ns.example doc"`
		B       box      `xml:"urn:x box"`
		C       []custom
		E       struct{}
		F       float64
		Y       []byte
		T       bool
	}{B: box{W: 5}, C: []custom{{"1", "one"}, {"2", "two"}}, F: 1.5, Y: []byte("by")})
	fmt.Println(string(out), err)
	var b struct {
		B box `xml:"box"`
		C []custom
	}
	fmt.Println(xml.Unmarshal([]byte(`<d xmlns:n="u"><box w="7px" n:k="v" other="o"><n:a>t<b/>u</n:a><c>x</c></box><C at="q">body</C></d>`), &b))
	fmt.Printf("%+v\n", b)

	d := xml.NewDecoder(strings.NewReader(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "v">]><a xmlns="u" p:k='1' xmlns:p="pp"><!-- c --><p:b/>&lt;&#65;&#x42;<![CDATA[<raw>]]></a>`))
	for {
		t, err := d.Token()
		if err != nil {
			fmt.Println(err)
			break
		}
		line, col := d.InputPos()
		switch t := t.(type) {
		case xml.StartElement:
			fmt.Println("start", t.Name, t.Attr, line, col)
		case xml.EndElement:
			fmt.Println("end", t.Name)
		case xml.CharData:
			fmt.Printf("text %q\n", t)
		case xml.Comment:
			fmt.Printf("comment %q\n", t)
		case xml.ProcInst:
			fmt.Printf("inst %s %q\n", t.Target, t.Inst)
		case xml.Directive:
			fmt.Printf("directive %q\n", t)
		}
	}
	for _, bad := range []string{"<a>", "<a></b>", "<a b></a>", "<a b=c></a>", "<a>&nope;</a>", "", "<a", "<a/><b>", "text", "<a>\x01</a>", `<person id="x"></person>`, "<other/>"} {
		var p person
		err := xml.Unmarshal([]byte(bad), &p)
		fmt.Printf("%q: %v %T\n", bad, err, err)
	}
	d = xml.NewDecoder(strings.NewReader("<a><b>&copy;<br></a>"))
	d.Strict = false
	d.AutoClose = xml.HTMLAutoClose
	d.Entity = xml.HTMLEntity
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			break
		}
		fmt.Printf("%T %v ", t, err)
		if err != nil {
			break
		}
	}
	fmt.Println()
	var buf bytes.Buffer
	xml.EscapeText(&buf, []byte("a<b>\"c'&\t\r\n\x00"))
	fmt.Println(buf.String())
	e := xml.NewEncoder(&buf)
	e.EncodeToken(xml.StartElement{Name: xml.Name{Local: "r"}})
	fmt.Println(e.EncodeToken(xml.EndElement{Name: xml.Name{Local: "s"}}))
	fmt.Println(e.EncodeToken(xml.Comment("a--b")), e.Close())
	_, err = xml.Marshal(map[string]int{"a": 1})
	fmt.Println(err)
	_, err = xml.Marshal(make(chan int))
	fmt.Println(err)
}
