// Panics, recover and Goexit across goroutines, deferred calls and library callbacks.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
	"text/template"
)

type result struct {
	id  int
	err error
}

func safely(f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case error:
			err = fmt.Errorf("recovered: %w", r)
		default:
			err = fmt.Errorf("recovered %v", r)
		}
	}()
	f()
	return nil
}

type panicker struct{}

func (panicker) MarshalJSON() ([]byte, error) { panic("in MarshalJSON") }
func (panicker) Len() int                     { return 3 }
func (panicker) Less(i, j int) bool           { panic("in Less") }
func (panicker) Swap(i, j int)                {}
func (panicker) Read([]byte) (int, error)     { panic("in Read") }

func deep(n int) {
	defer func() {
		if r := recover(); r != nil {
			panic(fmt.Sprint(r, n, " "))
		}
	}()
	if n == 0 {
		panic("bottom ")
	}
	deep(n - 1)
}

func main() {
	var wg sync.WaitGroup
	results := make(chan result, 100)
	for i := range 100 {
		wg.Go(func() {
			results <- result{i, safely(func() {
				switch i % 5 {
				case 0:
					panic(i)
				case 1:
					var m map[int]int
					m[i] = i
				case 2:
					_ = []int{}[i]
				case 3:
					panic(errors.New("plain"))
				}
			})}
		})
	}
	wg.Wait()
	close(results)
	var all []result
	for r := range results {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b result) int { return a.id - b.id })
	for _, r := range all[:10] {
		var re runtime.Error
		fmt.Println(r.id, r.err, errors.As(r.err, &re))
	}
	fmt.Println(safely(func() { deep(8) }))
	fmt.Println(safely(func() { json.Marshal([]any{panicker{}}) }))
	fmt.Println(safely(func() { sort.Sort(panicker{}) }))
	fmt.Println(safely(func() { io.ReadAll(panicker{}) }))
	fmt.Println(safely(func() {
		slices.SortFunc([]int{3, 1, 2}, func(a, b int) int { panic("in compare") })
	}))
	fmt.Println(template.Must(template.New("").Funcs(template.FuncMap{"p": func() string { panic("in template") }}).Parse("{{p}}")).Execute(io.Discard, nil))
	var once sync.Once
	fmt.Println(safely(func() { once.Do(func() { panic("once") }) }), safely(func() { once.Do(func() { panic("twice") }) }))
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/panic" {
			panic("handler")
		}
		fmt.Fprint(w, "fine")
	}))
	var logged strings.Builder
	var mu sync.Mutex
	srv.Config.ErrorLog = log.New(writer(func(b []byte) { mu.Lock(); logged.Write(b); mu.Unlock() }), "", 0)
	srv.Start()
	_, err := http.Get(srv.URL + "/panic")
	fmt.Println(err != nil)
	r, err := http.Get(srv.URL + "/")
	b, _ := io.ReadAll(r.Body)
	r.Body.Close()
	srv.Close()
	mu.Lock()
	fmt.Println(string(b), err, strings.Contains(logged.String(), "panic serving"), strings.Contains(logged.String(), "main.main.func"))
	mu.Unlock()

	// Goexit in all kinds of places.
	var mtx sync.Mutex
	for i := range 5 {
		c := make(chan string, 10)
		go func() {
			defer close(c)
			mtx.Lock()
			defer mtx.Unlock()
			defer func() { c <- fmt.Sprint("r", recover()) }()
			switch i {
			case 0:
				runtime.Goexit()
			case 1:
				defer runtime.Goexit()
				panic("replaced by Goexit")
			case 2:
				defer func() { panic("after Goexit") }()
				runtime.Goexit()
			case 3:
				defer func() {
					defer func() { c <- fmt.Sprint("inner", recover()) }()
					panic("recovered within")
				}()
				runtime.Goexit()
			case 4:
				func() {
					defer runtime.Goexit()
					defer func() { recover() }()
					panic("gone")
				}()
			}
			c <- "not reached"
		}()
		for s := range c {
			fmt.Print(s, "; ")
		}
		fmt.Println()
	}
	// A panic value that changes while it travels.
	e := safely(func() {
		p := &struct{ n int }{1}
		defer func() { p.n = 5 }()
		panic(p)
	})
	fmt.Println(e)
	f := func() (n int, err error) {
		defer func() {
			if r := recover(); r != nil {
				n *= 2
				err = fmt.Errorf("%v", r)
			}
		}()
		n = 21
		panic("named results")
	}
	fmt.Println(f())
	for i := range 3 {
		defer func() {
			r := recover()
			fmt.Println("main", i, r)
			if i > 0 {
				panic(fmt.Sprint("again ", i))
			}
		}()
	}
	panic("first")
}

type writer func([]byte)

func (w writer) Write(b []byte) (int, error) { w(b); return len(b), nil }
