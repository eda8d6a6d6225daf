// embed: strings, bytes, file systems, patterns, hidden files.
package main

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"testing/fstest"

	"example.test/embed/inner"
)

//go:embed hello.txt
var text string

//go:embed "files/bin.dat"
var data []byte

//go:embed files hello.txt
var tree embed.FS

//go:embed all:files
var everything embed.FS

//go:embed files/*.txt
var some embed.FS

func main() {
	fmt.Printf("%q %v %q\n", text, data, inner.Text)
	for name, f := range map[string]embed.FS{"tree": tree} {
		fs.WalkDir(f, ".", func(p string, d fs.DirEntry, err error) error {
			i, _ := d.Info()
			fmt.Println(name, p, d.IsDir(), i.Size(), i.Mode(), i.ModTime().IsZero(), err)
			return nil
		})
	}
	m, err := fs.Glob(everything, "files/*")
	fmt.Println(m, err)
	m, err = fs.Glob(some, "*/*")
	fmt.Println(m, err)
	b, err := tree.ReadFile("files/sub/deep.txt")
	fmt.Printf("%q %v\n", b, err)
	_, err = tree.Open("files/none")
	fmt.Println(err)
	_, err = tree.ReadFile("files")
	fmt.Println(err)
	f, _ := tree.Open("hello.txt")
	s := f.(io.ReadSeeker)
	s.Seek(7, io.SeekStart)
	rest, _ := io.ReadAll(s)
	fmt.Printf("%q\n", rest)
	fmt.Println(fstest.TestFS(tree, "hello.txt", "files/bin.dat"))
	template.Must(template.ParseFS(tree, "hello.txt")).Execute(os.Stdout, nil)
	w := httptest.NewRecorder()
	http.FileServerFS(tree).ServeHTTP(w, httptest.NewRequest("GET", "/files/one.txt", nil))
	fmt.Println(w.Code, w.Body)
	data[0] = 9
	again, _ := tree.ReadFile("files/bin.dat")
	fmt.Println(again)
}
