// A chat server with 500 clients over TCP and JSON lines: rooms, private messages, nicknames,
// history, kicks, slow clients that are dropped, heartbeats, and a shutdown that loses nothing.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type message struct {
	Type string   `json:"type"`
	From string   `json:"from,omitempty"`
	To   string   `json:"to,omitempty"`
	Room string   `json:"room,omitempty"`
	Text string   `json:"text,omitempty"`
	List []string `json:"list,omitempty"`
	Seq  int      `json:"seq,omitempty"`
}

// hub owns all state; everything happens in its goroutine, by functions sent to it.
type hub struct {
	do      chan func()
	rooms   map[string]*room
	clients map[string]*client
	stats   struct{ messages, private, dropped, kicked int }
}

type room struct {
	name    string
	seq     int
	members []*client
	history []message
}

type client struct {
	hub   *hub
	conn  net.Conn
	nick  string
	rooms map[string]*room
	out   chan message
	gone  bool
}

func newHub() *hub {
	return &hub{do: make(chan func()), rooms: map[string]*room{}, clients: map[string]*client{}}
}

func (h *hub) run(ctx context.Context) {
	for {
		select {
		case f := <-h.do:
			f()
		case <-ctx.Done():
			for _, c := range h.clients {
				c.send(message{Type: "bye", Text: "server stops"})
				h.drop(c)
			}
			return
		}
	}
}

// call runs f in the hub; false if the hub has ended.
func (h *hub) call(ctx context.Context, f func()) bool {
	done := make(chan struct{})
	select {
	case h.do <- func() { f(); close(done) }:
		<-done
		return true
	case <-ctx.Done():
		return false
	}
}

func (c *client) send(m message) bool {
	if c.gone {
		return false
	}
	select {
	case c.out <- m:
		return true
	default:
		c.hub.stats.dropped++
		c.hub.drop(c)
		return false
	}
}

func (h *hub) drop(c *client) {
	if c.gone {
		return
	}
	c.gone = true
	delete(h.clients, c.nick)
	for _, r := range c.rooms {
		r.leave(c)
	}
	close(c.out)
}

func (r *room) leave(c *client) {
	r.members = slices.DeleteFunc(r.members, func(m *client) bool { return m == c })
	delete(c.rooms, r.name)
}

func (r *room) say(m message) {
	r.seq++
	m.Seq, m.Room = r.seq, r.name
	r.history = append(r.history, m)
	if len(r.history) > 5 {
		r.history = r.history[1:]
	}
	for _, c := range slices.Clone(r.members) {
		c.send(m)
	}
}

func (h *hub) handle(c *client, m message) error {
	h.stats.messages++
	r := c.rooms[m.Room]
	switch m.Type {
	case "nick":
		switch {
		case m.Text == "" || strings.ContainsAny(m.Text, " \n"):
			return fmt.Errorf("bad nickname %q", m.Text)
		case h.clients[m.Text] != nil:
			return fmt.Errorf("%s is taken", m.Text)
		}
		if c.nick != "" {
			delete(h.clients, c.nick)
		}
		c.nick = m.Text
		h.clients[c.nick] = c
		c.send(message{Type: "ok", Text: c.nick})
		return nil
	case "ping":
		c.send(message{Type: "pong", Text: m.Text})
		return nil
	}
	if c.nick == "" {
		return errors.New("no nickname yet")
	}
	switch m.Type {
	case "join":
		if r != nil {
			return fmt.Errorf("already in %s", m.Room)
		}
		if r = h.rooms[m.Room]; r == nil {
			r = &room{name: m.Room}
			h.rooms[m.Room] = r
		}
		c.rooms[m.Room] = r
		r.members = append(r.members, c)
		c.send(message{Type: "joined", Room: m.Room, Seq: r.seq})
		for _, old := range r.history {
			if m.Text == "history" {
				old.Type = "old"
				c.send(old)
			}
		}
	case "leave", "say", "who", "kick":
		if r == nil {
			return fmt.Errorf("not in %s", m.Room)
		}
		switch m.Type {
		case "leave":
			r.leave(c)
			c.send(message{Type: "left", Room: m.Room})
		case "say":
			r.say(message{Type: "said", From: c.nick, Text: m.Text})
		case "who":
			list := message{Type: "members", Room: m.Room}
			for _, o := range r.members {
				list.List = append(list.List, o.nick)
			}
			slices.Sort(list.List)
			c.send(list)
		case "kick":
			o := h.clients[m.To]
			if o == nil || !slices.Contains(r.members, o) {
				return fmt.Errorf("%s is not in %s", m.To, m.Room)
			}
			if r.members[0] != c {
				return errors.New("only the first member may kick")
			}
			h.stats.kicked++
			r.leave(o)
			o.send(message{Type: "kicked", Room: m.Room, From: c.nick})
			c.send(message{Type: "ok", Text: "kicked " + m.To})
		}
	case "tell":
		o := h.clients[m.To]
		if o == nil {
			return fmt.Errorf("no such nickname %s", m.To)
		}
		h.stats.private++
		o.send(message{Type: "told", From: c.nick, Text: m.Text})
	default:
		return fmt.Errorf("unknown type %q", m.Type)
	}
	return nil
}

type server struct {
	hub  *hub
	ctx  context.Context
	l    net.Listener
	wg   sync.WaitGroup
	idle time.Duration
}

func (s *server) serve() {
	for {
		conn, err := s.l.Accept()
		if err != nil {
			return
		}
		c := &client{hub: s.hub, conn: conn, rooms: map[string]*room{}, out: make(chan message, 256)}
		s.wg.Go(func() { s.write(c) })
		s.wg.Go(func() { s.read(c) })
	}
}

func (s *server) write(c *client) {
	defer c.conn.Close()
	w := bufio.NewWriter(c.conn)
	e := json.NewEncoder(w)
	for m := range c.out {
		c.conn.SetWriteDeadline(time.Now().Add(time.Minute))
		if e.Encode(m) != nil {
			break
		}
		if len(c.out) == 0 && w.Flush() != nil {
			break
		}
	}
	w.Flush()
	for range c.out {
	}
}

func (s *server) read(c *client) {
	r := bufio.NewReader(c.conn)
	for {
		c.conn.SetReadDeadline(time.Now().Add(s.idle))
		line, err := r.ReadBytes('\n')
		if err != nil {
			s.hub.call(s.ctx, func() { s.hub.drop(c) })
			return
		}
		var m message
		err = json.Unmarshal(line, &m)
		ok := s.hub.call(s.ctx, func() {
			if err == nil {
				err = s.hub.handle(c, m)
			}
			if err != nil {
				c.send(message{Type: "error", Text: err.Error()})
			}
		})
		if !ok {
			return
		}
	}
}

// ---- Clients ----

type user struct {
	conn net.Conn
	r    *bufio.Reader
}

func connect(addr, nick string) *user {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		panic(err)
	}
	u := &user{conn, bufio.NewReader(conn)}
	if nick != "" {
		u.send(message{Type: "nick", Text: nick})
		u.expect("ok")
	}
	return u
}

func (u *user) send(m message) {
	b, _ := json.Marshal(m)
	u.conn.Write(append(b, '\n'))
}

func (u *user) receive() (m message) {
	line, err := u.r.ReadBytes('\n')
	if err != nil {
		return message{Type: "closed"}
	}
	if err := json.Unmarshal(line, &m); err != nil {
		m.Type = err.Error()
	}
	return
}

// expect skips messages of other types.
func (u *user) expect(types ...string) message {
	for {
		m := u.receive()
		if slices.Contains(types, m.Type) || m.Type == "closed" {
			return m
		}
	}
}

// hears skips all messages before one with this text.
func (u *user) hears(text string) {
	for {
		if m := u.receive(); m.Text == text || m.Type == "closed" {
			return
		}
	}
}

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	h := newHub()
	s := &server{hub: h, ctx: ctx, l: l, idle: time.Minute}
	var running sync.WaitGroup
	running.Go(func() { h.run(ctx) })
	running.Go(s.serve)
	addr := l.Addr().String()

	a, b := connect(addr, "ann"), connect(addr, "bob")
	x := connect(addr, "")
	for _, m := range []message{{Type: "join", Room: "r"}, {Type: "nick", Text: "ann"}, {Type: "nick", Text: "a b"}, {Type: "nick", Text: "eve"}, {Type: "say", Room: "nowhere"}, {Type: "what"}, {Type: "tell", To: "nobody"}, {Type: "ping", Text: "p1"}} {
		x.send(m)
		fmt.Println(x.receive())
	}
	fmt.Fprintln(x.conn, "{bad json")
	fmt.Println(x.receive().Type)
	for _, u := range []*user{a, b, x} {
		u.send(message{Type: "join", Room: "lobby"})
		fmt.Println(u.receive())
	}
	for i := range 7 {
		a.send(message{Type: "say", Room: "lobby", Text: fmt.Sprint("line ", i)})
	}
	for range 7 {
		m := b.receive()
		fmt.Print(m.Seq, m.From, m.Text, "; ")
	}
	fmt.Println()
	late := connect(addr, "late")
	late.send(message{Type: "join", Room: "lobby", Text: "history"})
	for range 6 {
		m := late.receive()
		fmt.Print(m.Type, m.Seq, m.Text, "; ")
	}
	fmt.Println()
	b.send(message{Type: "tell", To: "ann", Text: "psst"})
	fmt.Println(a.expect("told"))
	b.send(message{Type: "kick", Room: "lobby", To: "late"})
	fmt.Println(b.expect("error"))
	a.send(message{Type: "kick", Room: "lobby", To: "late"})
	fmt.Println(a.expect("ok"), late.expect("kicked"))
	a.send(message{Type: "who", Room: "lobby"})
	fmt.Println(a.expect("members"))
	x.conn.Close()
	for {
		a.send(message{Type: "who", Room: "lobby"})
		if m := a.expect("members"); len(m.List) == 2 {
			fmt.Println(m.List)
			break
		}
	}

	// 500 clients in 25 rooms, each of which speaks; all hear everything, in one order.
	const clients, perRoom, lines = 500, 20, 6
	var wg, joined sync.WaitGroup
	var heard, wrong atomic.Int64
	orders := make([][]string, clients)
	joined.Add(clients)
	for i := range clients {
		wg.Go(func() {
			u := connect(addr, fmt.Sprint("user", i))
			defer u.conn.Close()
			name := fmt.Sprint("room", i/perRoom)
			u.send(message{Type: "join", Room: name})
			u.expect("joined")
			joined.Done()
			joined.Wait()
			go func() {
				for n := range lines {
					u.send(message{Type: "say", Room: name, Text: fmt.Sprint(i, "-", n)})
				}
			}()
			for seq := 1; seq <= perRoom*lines; seq++ {
				m := u.expect("said")
				if m.Seq != seq || m.Room != name {
					wrong.Add(1)
				}
				orders[i] = append(orders[i], m.Text)
				heard.Add(1)
			}
		})
	}
	wg.Wait()
	different := 0
	for i := range orders {
		if !slices.Equal(orders[i], orders[i/perRoom*perRoom]) {
			different++
		}
	}
	fmt.Println(heard.Load(), wrong.Load(), different)

	// Who does not read is dropped; the others go on.
	slow := connect(addr, "slow")
	slow.send(message{Type: "join", Room: "lobby"})
	slow.expect("joined")
	big := strings.Repeat("x", 60000)
	for dropped := false; !dropped; {
		a.send(message{Type: "say", Room: "lobby", Text: big})
		// Nobody else falls behind, however slow the machine is.
		a.hears(big)
		b.hears(big)
		h.call(ctx, func() { dropped = h.clients["slow"] == nil })
	}
	slow.conn.SetReadDeadline(time.Now().Add(time.Minute))
	_, err = io.Copy(io.Discard, slow.r)
	fmt.Println("slow one dropped:", err)
	h.call(ctx, func() {
		fmt.Println(h.stats.dropped, h.stats.kicked, h.stats.private, h.stats.messages > clients*lines)
	})

	// The end: everybody is told.
	c := connect(addr, "last")
	cancel()
	fmt.Println(c.receive(), c.receive())
	l.Close()
	s.wg.Wait()
	running.Wait()
	fmt.Println("stopped")
}
