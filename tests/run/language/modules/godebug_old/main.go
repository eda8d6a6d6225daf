// The go line of a module decides which GODEBUG settings its programs are built with: before
// Go 1.21 recover gave nil after panic(nil). Lines in go.mod and //go:debug override.

//go:debug urlstrictcolons=1
package main

import (
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
)

func recovered() (v any) {
	defer func() { v = recover() }()
	panic(nil)
}

func main() {
	fmt.Printf("%v\n", recovered())
	_, err := url.Parse("http://a:b:c/")
	fmt.Println(err != nil)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{name}", func(http.ResponseWriter, *http.Request) {})
	_, pattern := mux.Handler(&http.Request{Method: "GET", URL: &url.URL{Path: "/x"}})
	fmt.Println(pattern)
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "DefaultGODEBUG" {
			fmt.Println(strings.ReplaceAll(s.Value, ",", "\n"))
		}
	}
}
