// A chat over TCP: thousands of clients in rooms. Each room's lines must reach each of its
// members, in the order the server took them, and nobody else.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"example.test/load/check"
)

var (
	clients = flag.Int("clients", 5000, "how many clients there are")
	size    = flag.Int("room", 20, "how many are in a room")
)

type member struct {
	c   net.Conn
	out chan string
}

type room struct {
	mu      sync.Mutex
	members map[*member]bool
	serial  int
}

// say gives a line to all members. A member that is too slow is waited for: the room is as
// fast as its slowest member, as the test wants every line delivered.
func (r *room) say(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.serial++
	text := strconv.Itoa(r.serial) + " " + line
	for m := range r.members {
		m.out <- text
	}
}

type server struct {
	mu    sync.Mutex
	rooms map[string]*room
	wg    sync.WaitGroup
}

func (s *server) room(name string) *room {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[name]
	if r == nil {
		r = &room{members: map[*member]bool{}}
		s.rooms[name] = r
	}
	return r
}

func (s *server) serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		s.wg.Go(func() { s.handle(c) })
	}
}

func (s *server) handle(c net.Conn) {
	defer c.Close()
	in := bufio.NewReaderSize(c, 512)
	name, err := in.ReadString('\n')
	if err != nil {
		return
	}
	m := &member{c, make(chan string, 64)}
	s.wg.Go(func() {
		w := bufio.NewWriterSize(c, 512)
		for line := range m.out {
			w.WriteString(line)
			if len(m.out) == 0 {
				w.Flush()
			}
		}
	})
	r := s.room(name)
	r.mu.Lock()
	r.members[m] = true
	r.mu.Unlock()
	m.out <- "welcome\n"
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			break
		}
		r.say(line)
	}
	r.mu.Lock()
	delete(r.members, m)
	r.mu.Unlock()
	close(m.out)
}

// talk is one client: it says something, now and then, and checks all that it hears.
func talk(l *check.Load, addr string, id int, ready *sync.WaitGroup, begin, end chan bool, said, heard *atomic.Int64) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		l.Fail("dial: %v", err)
		ready.Done()
		return
	}
	own := id / *size
	fmt.Fprintf(c, "room %d\n", own)
	in := bufio.NewReaderSize(c, 512)
	if line, err := in.ReadString('\n'); line != "welcome\n" {
		l.Fail("%q %v", line, err)
	}
	ready.Done()
	<-begin
	var wg sync.WaitGroup
	wg.Go(func() {
		last := 0
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			var serial, from, room int
			if n, _ := fmt.Sscanf(line, "%d client %d room %d", &serial, &from, &room); n != 3 {
				l.Fail("%q", line)
			} else if room != own || from / *size != own || last != 0 && serial != last+1 {
				l.Fail("room %d heard %q after %d", own, line, last)
			}
			last = serial
			heard.Add(1)
			l.Done()
		}
	})
	pause := time.Duration(*clients) * 100 * time.Microsecond
	time.Sleep(time.Duration(id%97) * pause / 97)
	for n := 0; l.Running(); n++ {
		said.Add(1)
		if _, err := fmt.Fprintf(c, "client %d room %d says %d %s\n", id, own, n, strings.Repeat("bla", n%20)); err != nil {
			l.Fail("say: %v", err)
			break
		}
		time.Sleep(pause)
	}
	<-end
	c.Close()
	wg.Wait()
}

func main() {
	l := check.Start()
	var lim syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &lim) == nil {
		if most := int(lim.Cur)/2 - 100; most < *clients {
			*clients = most
			fmt.Println("the limit of open files allows only", most, "clients")
		}
	}
	*clients -= *clients % *size
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	s := &server{rooms: map[string]*room{}}
	var accept, wg, ready sync.WaitGroup
	accept.Go(func() { s.serve(ln) })
	begin, end := make(chan bool), make(chan bool)
	var said, heard atomic.Int64
	gate := make(chan bool, 200)
	ready.Add(*clients)
	for i := range *clients {
		gate <- true
		wg.Go(func() {
			<-gate
			talk(l, ln.Addr().String(), i, &ready, begin, end, &said, &heard)
		})
	}
	ready.Wait()
	close(begin)
	l.Watch()
	for l.Running() {
		time.Sleep(10 * time.Millisecond)
	}
	// Everything that was said must be heard by the whole room.
	want := func() int64 { return said.Load() * int64(*size) }
	for deadline := time.Now().Add(30 * time.Second); heard.Load() != want() && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	if heard.Load() != want() {
		l.Fail("said %d, heard %d of %d", said.Load(), heard.Load(), want())
	}
	close(end)
	wg.Wait()
	ln.Close()
	accept.Wait()
	s.wg.Wait()
	fmt.Println(*clients, "clients said", said.Load())
	l.Finish()
}
