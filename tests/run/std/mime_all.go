// mime, mime/multipart, mime/quotedprintable.
package main

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"os"
	"strings"
)

func main() {
	for _, s := range []string{"text/html; charset=utf-8", `form-data; name="a b"; filename*=UTF-8''n%C3%A4me`, "TEXT/Plain;q=1 ;x", "", "a/b; c", "image/png; a=1; a=2", `x/y; t*0="ab"; t*1="cd"`, "text/html; charset=\"a\\\"b\"", "no slash; a=b"} {
		t, p, err := mime.ParseMediaType(s)
		fmt.Println(t, p, err)
	}
	fmt.Println(mime.FormatMediaType("form-data", map[string]string{"name": "ü", "f": "a b", "z": "plain"}), mime.FormatMediaType("bad type", nil))
	fmt.Println(mime.TypeByExtension(".html"), mime.TypeByExtension(".none-such"), mime.AddExtensionType(".gx", "text/goxide"), mime.TypeByExtension(".gx"))
	var wd mime.WordDecoder
	for _, s := range []string{"=?utf-8?q?caf=C3=A9?=", "=?ISO-8859-1?B?aOk=?= and =?utf-8?Q?_x?= =?utf-8?q?y?=", "=?bad?q?x?=", "plain", "=?utf-8?x?a?="} {
		h, err := wd.DecodeHeader(s)
		fmt.Printf("%q %v\n", h, err)
	}
	fmt.Println(mime.QEncoding.Encode("utf-8", "¡Hola, señor! "+strings.Repeat("ñ", 40)), mime.BEncoding.Encode("utf-8", "¡x"), mime.QEncoding.Encode("utf-8", "ascii"))

	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	fmt.Println(w.SetBoundary("the-boundary"), w.SetBoundary(""), w.FormDataContentType())
	w.WriteField("plain", "value\r\nwith lines")
	pw, _ := w.CreatePart(textproto.MIMEHeader{"Content-Type": {"text/x"}, "Content-Disposition": {`form-data; name="p"`}, "Content-Transfer-Encoding": {"quoted-printable"}})
	pw.Write([]byte("caf=C3=A9 =\r\ncontinued"))
	fw, _ := w.CreateFormFile("up", `we"ird.txt`)
	fw.Write(bytes.Repeat([]byte("data "), 1000))
	w.Close()
	raw := b.String()
	fmt.Printf("%.400q\n", raw)
	r := multipart.NewReader(strings.NewReader(raw), "the-boundary")
	for {
		p, err := r.NextPart()
		if err != nil {
			fmt.Println(err)
			break
		}
		data, err := io.ReadAll(p)
		fmt.Println(p.FormName(), p.FileName(), p.Header, len(data), err)
	}
	form, err := multipart.NewReader(strings.NewReader(raw), "the-boundary").ReadForm(100)
	fmt.Println(form.Value, len(form.File["up"]), err)
	f, err := form.File["up"][0].Open()
	data, _ := io.ReadAll(f)
	fmt.Println(len(data), err, f.Close(), form.RemoveAll())
	_, err = multipart.NewReader(strings.NewReader(raw), "the-boundary").ReadForm(-20 << 20)
	fmt.Println(err)
	for _, bad := range []string{"", "--x\r\n", "--x\r\n\r\nbody", "--x\r\nbad header\r\n\r\n--x--", "junk--x\r\n\r\n--x--\r\n"} {
		r := multipart.NewReader(strings.NewReader(bad), "x")
		p, err := r.NextPart()
		if err == nil {
			_, err = io.ReadAll(p)
		}
		fmt.Println(err)
	}
	q := quotedprintable.NewWriter(os.Stdout)
	q.Write([]byte("é = long " + strings.Repeat("x", 80) + " trailing \nnext\t\n.dot"))
	q.Close()
	fmt.Println()
	for _, s := range []string{"a=C3=A9b", "soft=\r\nbreak", "bad=ZZ", "=", "x=0"} {
		d, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(s)))
		fmt.Printf("%q %v\n", d, err)
	}
}
