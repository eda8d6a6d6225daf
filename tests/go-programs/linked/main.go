// A program that uses each of the packages whose object files `cargo xtask conformance
// programs` compiles with a compiler that goxide built.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"container/heap"
	"container/list"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"maps"
	"math/big"
	"math/bits"
	"net/http"
	"net/http/httptest"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"regexp/syntax"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	textscanner "text/scanner"
	"text/tabwriter"
	"time"
	"unicode/utf8"
)

type numbers []int

func (n numbers) Len() int           { return len(n) }
func (n numbers) Less(i, j int) bool { return n[i] < n[j] }
func (n numbers) Swap(i, j int)      { n[i], n[j] = n[j], n[i] }
func (n *numbers) Push(x any)        { *n = append(*n, x.(int)) }
func (n *numbers) Pop() any {
	last := (*n)[len(*n)-1]
	*n = (*n)[:len(*n)-1]
	return last
}

const source = `package p

type T[P any] struct{ next *T[P] }

func f[P any](list *T[P]) (n int) {
	for ; list != nil; list = list.next {
		n++
	}
	return
}

var x = f(&T[string]{}) + "no"
`

func check() {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "p.go", source, parser.SkipObjectResolution)
	if err != nil {
		fmt.Println(err)
		return
	}
	count := 0
	ast.Inspect(file, func(ast.Node) bool { count++; return true })
	fmt.Println("nodes:", count)
	config := types.Config{Error: func(err error) { fmt.Println(err) }}
	config.Check("p", files, []*ast.File{file}, nil)
	_, err = parser.ParseFile(files, "q.go", "package q; func {", 0)
	var list scanner.ErrorList
	fmt.Println(errors.As(err, &list), len(list))
	fmt.Println(constant.Shift(constant.MakeInt64(1), token.SHL, 70).ExactString())
}

func serve() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s", r.Method, path.Base(r.URL.Path))
	})
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest("PUT", "/a/b", strings.NewReader("x")))
	text, _ := io.ReadAll(answer.Result().Body)
	fmt.Println(answer.Code, string(text))
}

func encode() {
	value := map[string]any{"when": 90 * time.Second, "list": []int{3, 1, 2}, "text": "<ü>"}
	text, err := json.MarshalIndent(value, "", " ")
	fmt.Println(string(text), err)
	var back struct {
		List numbers
		When time.Duration
	}
	fmt.Println(json.Unmarshal(text, &back), back.When, reflect.TypeOf(back).NumField())
	sort.Sort(back.List)
	heap.Init(&back.List)
	heap.Push(&back.List, 0)
	fmt.Println(heap.Pop(&back.List), slices.Sorted(maps.Keys(value)), cmp.Compare(2, 1))
}

func text() {
	table := tabwriter.NewWriter(io.Discard, 0, 8, 1, ' ', 0)
	fmt.Fprintln(table, "a\tb")
	table.Flush()
	var tokens textscanner.Scanner
	tokens.Init(strings.NewReader("x := 12.5e3"))
	for t := tokens.Scan(); t != textscanner.EOF; t = tokens.Scan() {
		fmt.Print(textscanner.TokenString(t), " ")
	}
	fmt.Println()
	tree, err := syntax.Parse(`(a|b)*c{2,3}`, syntax.Perl)
	fmt.Println(tree, err, regexp.MustCompile(`(\w+)@(\w+)`).ReplaceAllString("a@b c@d", "$2.$1"))
	lines := bufio.NewScanner(bytes.NewBufferString("one\ntwo"))
	for lines.Scan() {
		fmt.Println(strconv.Quote(lines.Text()), utf8.RuneCountInString("héé"))
	}
	fmt.Println(filepath.Join("a", "..", "b"), strconv.FormatFloat(1.0/3, 'g', -1, 32))
}

func main() {
	check()
	serve()
	encode()
	text()
	order := list.New()
	var all sync.WaitGroup
	var lock sync.Mutex
	for i := range 8 {
		all.Go(func() {
			lock.Lock()
			defer lock.Unlock()
			order.PushBack(i)
		})
	}
	all.Wait()
	power := new(big.Int).Exp(big.NewInt(7), big.NewInt(200), nil)
	fmt.Println(order.Len(), bits.Len(uint(order.Len())), power)
}
