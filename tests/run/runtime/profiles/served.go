package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	_ "net/http/pprof"
	"strings"
	"time"
)

// served asks a server for its profiles.
func served() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go http.Serve(l, nil)
	get := func(path string) []byte {
		r, err := http.Get("http://" + l.Addr().String() + "/debug/pprof/" + path)
		check(err)
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		check(err)
		fmt.Println(path, r.StatusCode, r.Header.Get("Content-Type"))
		return b
	}
	index := string(get(""))
	for _, name := range []string{"allocs", "block", "goroutine", "heap", "mutex", "threadcreate"} {
		fmt.Println(name, strings.Contains(index, name+"?debug=1"))
		p, err := parse(get(name))
		check(err)
		fmt.Println(p.types)
	}
	stop.Store(false)
	go hot()
	p, err := parse(get("profile?seconds=1"))
	check(err)
	stop.Store(true)
	time.Sleep(time.Millisecond)
	shown("hot is seen from outside", p.percent(0, in("main.hot")) > 10, p.samples)
	fmt.Println(strings.HasPrefix(string(get("cmdline")), "/"))
	fmt.Println(strings.HasPrefix(string(get("symbol?0x401000")), "num_symbols: 1"))
}
