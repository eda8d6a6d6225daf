package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"text/template"
	"time"
	"log/slog"
	"compress/gzip"
	"bytes"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	http.HandleFunc("/hi", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "hello %s", r.URL.Query().Get("n"))
	})
	go http.Serve(l, nil)
	c := http.Client{Timeout: 3 * time.Second}
	for i := range 3 {
		r, err := c.Get(fmt.Sprintf("http://%s/hi?n=%d", l.Addr(), i))
		if err != nil {
			fmt.Println(err)
			return
		}
		b, _ := io.ReadAll(r.Body)
		r.Body.Close()
		fmt.Println(r.StatusCode, string(b), r.Header.Get("Content-Type"))
	}
	out, err := exec.Command("echo", "from", "child").Output()
	fmt.Printf("%q %v\n", out, err)
	fmt.Printf("%x\n", sha256.Sum256([]byte("abc")))
	template.Must(template.New("t").Parse("{{range .}}<{{.}}>{{end}}\n")).Execute(os.Stdout, []string{"a", "b"})
	slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(g []string, a slog.Attr) slog.Attr { if a.Key == "time" { return slog.Attr{} }; return a }})).Info("msg", "k", 1)
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	z.Write(bytes.Repeat([]byte("hello "), 1000))
	z.Close()
	zr, _ := gzip.NewReader(&buf)
	b, _ := io.ReadAll(zr)
	fmt.Println(len(b))
}
