// A cache server over TCP: a text protocol with pipelining, an LRU list with sizes and times to
// live, statistics, subscriptions to keys, and clients that check what they are told.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// entry is an element of the doubly linked list of a cache.
type entry struct {
	key        string
	value      []byte
	expires    time.Time
	prev, next *entry
}

// Cache evicts what was not used for the longest time when it holds too many bytes.
type Cache struct {
	mu       sync.Mutex
	max      int
	size     int
	items    map[string]*entry
	root     entry // the list's ends
	now      func() time.Time
	onEvict  func(key string)
	hits     int
	misses   int
	evicted  int
	expired  int
	watchers map[string][]chan<- string
}

func NewCache(max int, now func() time.Time) *Cache {
	c := &Cache{max: max, items: map[string]*entry{}, now: now, watchers: map[string][]chan<- string{}}
	c.root.prev, c.root.next = &c.root, &c.root
	return c
}

func (e *entry) size() int { return len(e.key) + len(e.value) + 16 }

func (c *Cache) unlink(e *entry) {
	e.prev.next, e.next.prev = e.next, e.prev
	e.prev, e.next = nil, nil
}

func (c *Cache) front(e *entry) {
	e.prev, e.next = &c.root, c.root.next
	e.prev.next, e.next.prev = e, e
}

func (c *Cache) remove(e *entry) {
	c.unlink(e)
	delete(c.items, e.key)
	c.size -= e.size()
}

func (c *Cache) find(key string) *entry {
	e := c.items[key]
	if e == nil {
		return nil
	}
	if !e.expires.IsZero() && !c.now().Before(e.expires) {
		c.remove(e)
		c.expired++
		return nil
	}
	return e
}

var errTooLarge = errors.New("value too large")

func (c *Cache) Set(key string, value []byte, ttl time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := &entry{key: key, value: value}
	if e.size() > c.max {
		return errTooLarge
	}
	if ttl > 0 {
		e.expires = c.now().Add(ttl)
	}
	if old := c.items[key]; old != nil {
		c.remove(old)
	}
	c.items[key] = e
	c.size += e.size()
	c.front(e)
	for c.size > c.max {
		last := c.root.prev
		c.remove(last)
		c.evicted++
		if c.onEvict != nil {
			c.onEvict(last.key)
		}
	}
	for _, w := range c.watchers[key] {
		select {
		case w <- key:
		default:
		}
	}
	return nil
}

func (c *Cache) Get(key string) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.find(key)
	if e == nil {
		c.misses++
		return nil, false
	}
	c.hits++
	c.unlink(e)
	c.front(e)
	return e.value, true
}

func (c *Cache) Delete(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.find(key)
	if e != nil {
		c.remove(e)
	}
	return e != nil
}

// Add changes a number.
func (c *Cache) Add(key string, delta int64) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.find(key)
	var n int64
	if e != nil {
		var err error
		if n, err = strconv.ParseInt(string(e.value), 10, 64); err != nil {
			return 0, fmt.Errorf("%s is not a number", key)
		}
		c.size -= e.size()
		n += delta
		e.value = strconv.AppendInt(nil, n, 10)
		c.size += e.size()
		return n, nil
	}
	n = delta
	e = &entry{key: key, value: strconv.AppendInt(nil, n, 10)}
	c.items[key] = e
	c.size += e.size()
	c.front(e)
	return n, nil
}

// Keys lists from the most to the least recently used.
func (c *Cache) Keys() (keys []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for e := c.root.next; e != &c.root; e = e.next {
		keys = append(keys, e.key)
	}
	return
}

func (c *Cache) Watch(key string, ch chan<- string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watchers[key] = append(c.watchers[key], ch)
}

func (c *Cache) check() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, size := 0, 0
	for e := c.root.next; e != &c.root; e = e.next {
		if e.next.prev != e || c.items[e.key] != e {
			return fmt.Errorf("list broken at %s", e.key)
		}
		n++
		size += e.size()
	}
	if n != len(c.items) || size != c.size || size > c.max {
		return fmt.Errorf("%d of %d entries, %d of %d bytes", n, len(c.items), size, c.size)
	}
	return nil
}

type Server struct {
	cache *Cache
	l     net.Listener
	wg    sync.WaitGroup
	mu    sync.Mutex
	conns map[net.Conn]bool
	count atomic.Int64
}

func (s *Server) Serve() error {
	for {
		c, err := s.l.Accept()
		if err != nil {
			s.wg.Wait()
			return err
		}
		s.mu.Lock()
		s.conns[c] = true
		s.mu.Unlock()
		s.wg.Go(func() {
			s.handle(c)
			s.mu.Lock()
			delete(s.conns, c)
			s.mu.Unlock()
		})
	}
}

func (s *Server) Close() {
	s.l.Close()
	s.mu.Lock()
	for c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
}

type protocolError string

func (e protocolError) Error() string { return string(e) }

func (s *Server) handle(c net.Conn) {
	defer c.Close()
	r, w := bufio.NewReader(c), bufio.NewWriter(c)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		s.count.Add(1)
		err = s.command(strings.Fields(line), r, w)
		var pe protocolError
		switch {
		case err == io.EOF:
			w.Flush()
			return
		case errors.As(err, &pe):
			fmt.Fprintf(w, "ERROR %s\n", pe)
		case err != nil:
			fmt.Fprintf(w, "FAIL %v\n", err)
		}
		// Only when the client has nothing more to say now.
		if r.Buffered() == 0 {
			if w.Flush() != nil {
				return
			}
		}
	}
}

func (s *Server) command(f []string, r *bufio.Reader, w *bufio.Writer) error {
	if len(f) == 0 {
		return protocolError("empty command")
	}
	args := func(n int) error {
		if len(f)-1 != n {
			return protocolError(fmt.Sprintf("%s wants %d arguments", f[0], n))
		}
		return nil
	}
	switch strings.ToLower(f[0]) {
	case "set":
		if err := args(3); err != nil {
			return err
		}
		ms, err1 := strconv.Atoi(f[2])
		n, err2 := strconv.Atoi(f[3])
		if err1 != nil || err2 != nil || n < 0 || n > 1<<20 {
			return protocolError("bad number")
		}
		value := make([]byte, n+1)
		if _, err := io.ReadFull(r, value); err != nil {
			return io.EOF
		}
		if value[n] != '\n' {
			return protocolError("value is not as long as said")
		}
		if err := s.cache.Set(f[1], value[:n], time.Duration(ms)*time.Millisecond); err != nil {
			return err
		}
		fmt.Fprintln(w, "OK")
	case "get":
		for _, k := range f[1:] {
			if v, ok := s.cache.Get(k); ok {
				fmt.Fprintf(w, "VALUE %s %d\n%s\n", k, len(v), v)
			}
		}
		fmt.Fprintln(w, "END")
	case "del":
		if err := args(1); err != nil {
			return err
		}
		fmt.Fprintln(w, s.cache.Delete(f[1]))
	case "add":
		if err := args(2); err != nil {
			return err
		}
		d, err := strconv.ParseInt(f[2], 10, 64)
		if err != nil {
			return protocolError("bad number")
		}
		n, err := s.cache.Add(f[1], d)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, n)
	case "keys":
		fmt.Fprintln(w, strings.Join(s.cache.Keys(), " "))
	case "quit":
		fmt.Fprintln(w, "BYE")
		return io.EOF
	default:
		return protocolError("unknown command " + f[0])
	}
	return nil
}

type Client struct {
	c net.Conn
	r *bufio.Reader
}

func Dial(addr string) *Client {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		panic(err)
	}
	return &Client{c, bufio.NewReader(c)}
}

func (c *Client) Do(format string, args ...any) string {
	fmt.Fprintf(c.c, format+"\n", args...)
	return c.line()
}

func (c *Client) line() string {
	s, err := c.r.ReadString('\n')
	if err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(s, "\n")
}

func (c *Client) Get(key string) (string, bool) {
	head := c.Do("get %s", key)
	if head == "END" {
		return "", false
	}
	var k string
	var n int
	fmt.Sscanf(head, "VALUE %s %d", &k, &n)
	b := make([]byte, n+1)
	io.ReadFull(c.r, b)
	c.line()
	return string(b[:n]), k == key
}

func main() {
	var clock atomic.Int64
	now := func() time.Time { return time.Unix(clock.Load(), 0) }
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	cache := NewCache(2000, now)
	var evictions []string
	cache.onEvict = func(k string) { evictions = append(evictions, k) }
	s := &Server{cache: cache, l: l, conns: map[net.Conn]bool{}}
	done := make(chan error)
	go func() { done <- s.Serve() }()
	c := Dial(l.Addr().String())
	fmt.Println(c.Do("set a 0 5\nhello"), c.Do("set b 0 0\n"), c.Do("set c 5000 3\nttl"))
	fmt.Println(c.Get("a"))
	fmt.Println(c.Get("c"))
	fmt.Println(c.Get("none"))
	clock.Add(5)
	fmt.Println(c.Get("c"))
	fmt.Println(c.Do("keys"), c.Do("del a"), c.Do("del a"), c.Do("keys"))
	fmt.Println(c.Do("add n 5"), c.Do("add n -7"), c.Do("add b 1"), c.Do("add n x"))
	fmt.Println(c.Do("what"), c.Do(""), c.Do("set x 1"), c.Do("set x y z"), c.Do("set x 0 2\nlong"))
	fmt.Println(c.line())
	fmt.Println(c.Do("set big 0 5000\n%s", strings.Repeat("z", 5000)))
	watch := make(chan string, 1)
	cache.Watch("w", watch)
	c.Do("set w 0 1\nx")
	fmt.Println(<-watch)
	for i := range 60 {
		c.Do("set k%d 0 20\n%020d", i, i)
		if i%10 == 0 {
			c.Get("k0")
		}
	}
	fmt.Println(len(cache.Keys()), cache.Keys()[:3], slices.Contains(cache.Keys(), "k0"), len(evictions), evictions[:4], cache.check())
	// Pipelined commands are answered in order.
	var batch strings.Builder
	for i := range 100 {
		fmt.Fprintf(&batch, "add counter %d\n", i)
	}
	io.WriteString(c.c, batch.String())
	last := ""
	for range 100 {
		last = c.line()
	}
	fmt.Println(last)
	cache.mu.Lock()
	cache.max = 1 << 20
	cache.mu.Unlock()
	var wg sync.WaitGroup
	var wrong atomic.Int32
	for id := range 50 {
		wg.Go(func() {
			c := Dial(l.Addr().String())
			defer c.c.Close()
			for i := range 40 {
				key := fmt.Sprintf("client%d-%d", id, i%7)
				value := strings.Repeat(key, i%5+1)
				if c.Do("set %s 0 %d\n%s", key, len(value), value) != "OK" {
					wrong.Add(1)
				}
				if v, ok := c.Get(key); !ok || v != value {
					wrong.Add(1)
				}
				c.Do("add total %d", i)
			}
			if c.Do("quit") != "BYE" || c.line() != "EOF" {
				wrong.Add(1)
			}
		})
	}
	wg.Wait()
	fmt.Println(wrong.Load(), c.Do("add total 0"), len(cache.Keys()) > 350, cache.check())
	cache.mu.Lock()
	fmt.Println(cache.misses, cache.expired, cache.hits > 2000, s.count.Load() > 6000)
	cache.mu.Unlock()
	s.Close()
	fmt.Println(errors.Is(<-done, net.ErrClosed), c.Do("keys") != "")
}
