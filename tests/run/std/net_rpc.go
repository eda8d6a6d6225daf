// net/rpc and jsonrpc over pipes, TCP and HTTP; expvar; errors and asynchronous calls.
package main

import (
	"errors"
	"expvar"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/rpc"
	"net/rpc/jsonrpc"
	"sort"
	"sync"
)

type Args struct{ A, B int }
type Quotient struct{ Quo, Rem int }
type Arith struct {
	mu    sync.Mutex
	calls int
}

func (t *Arith) Multiply(args *Args, reply *int) error {
	t.mu.Lock()
	t.calls++
	t.mu.Unlock()
	*reply = args.A * args.B
	return nil
}
func (t *Arith) Divide(args Args, quo *Quotient) error {
	if args.B == 0 {
		return errors.New("divide by zero")
	}
	*quo = Quotient{args.A / args.B, args.A % args.B}
	return nil
}
func (t *Arith) Sort(in map[string][]int, out *[]string) error {
	for k, v := range in {
		*out = append(*out, fmt.Sprint(k, v))
	}
	sort.Strings(*out)
	return nil
}
func (t *Arith) notExported(a int, b *int) error { return nil }
func (t *Arith) WrongShape(a int) int            { return a }

func exercise(name string, c *rpc.Client) {
	var product int
	fmt.Println(name, c.Call("Arith.Multiply", &Args{6, 7}, &product), product)
	var q Quotient
	fmt.Println(c.Call("Arith.Divide", Args{17, 5}, &q), q)
	err := c.Call("Arith.Divide", Args{1, 0}, &q)
	var se rpc.ServerError
	fmt.Println(err, errors.As(err, &se))
	fmt.Println(c.Call("Arith.Missing", 1, &product))
	fmt.Println(c.Call("Nope.Method", 1, &product))
	var list []string
	fmt.Println(c.Call("Arith.Sort", map[string][]int{"b": {1}, "a": {2, 3}}, &list), list)
	var pending []*rpc.Call
	for i := range 100 {
		pending = append(pending, c.Go("Arith.Multiply", &Args{i, i}, new(int), nil))
	}
	sum := 0
	for _, p := range pending {
		<-p.Done
		if p.Error == nil {
			sum += *p.Reply.(*int)
		}
	}
	fmt.Println(sum, c.Close(), c.Close(), c.Call("Arith.Multiply", &Args{}, &product))
}

func main() {
	log.SetOutput(io.Discard)
	s := rpc.NewServer()
	a := new(Arith)
	fmt.Println(s.Register(a), s.Register(a), s.RegisterName("Other", a), s.Register(5))
	p1, p2 := net.Pipe()
	go s.ServeConn(p2)
	exercise("pipe", rpc.NewClient(p1))
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	go s.Accept(l)
	c, err := rpc.Dial("tcp", l.Addr().String())
	fmt.Println(err)
	exercise("tcp", c)
	j1, j2 := net.Pipe()
	go s.ServeCodec(jsonrpc.NewServerCodec(j2))
	exercise("json", jsonrpc.NewClient(j1))
	mux := http.NewServeMux()
	mux.Handle(rpc.DefaultRPCPath, s)
	hs := httptest.NewServer(mux)
	hc, err := rpc.DialHTTP("tcp", hs.Listener.Addr().String())
	fmt.Println(err)
	exercise("http", hc)
	k1, k2 := net.Pipe()
	go s.ServeCodec(jsonrpc.NewServerCodec(k2))
	buf := make([]byte, 200)
	for _, request := range []string{`{"method":"Arith.Multiply","params":[{"A":3,"B":4}],"id":"x"}`, `{"method":"bad"}`} {
		io.WriteString(k1, request)
		n, err := k1.Read(buf)
		fmt.Printf("%s %v\n", buf[:n], err)
	}
	fmt.Println(a.calls)

	i, f, m := expvar.NewInt("i"), expvar.NewFloat("f"), expvar.NewMap("m")
	i.Add(5)
	f.Set(1.5)
	m.Add("k", 2)
	m.AddFloat("g", 0.25)
	expvar.NewString("s").Set("q\"uote")
	expvar.Publish("func", expvar.Func(func() any { return []int{1, 2} }))
	expvar.Do(func(kv expvar.KeyValue) {
		if kv.Key != "memstats" && kv.Key != "cmdline" {
			fmt.Println(kv.Key, kv.Value)
		}
	})
	fmt.Println(expvar.Get("i"), expvar.Get("none"))
}
