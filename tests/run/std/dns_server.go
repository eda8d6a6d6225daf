// The Go resolver against a name server of our own: every kind of record, aliases, truncated
// answers, lost packets, lies, errors, many questions at once.
package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	a, ns, cname, ptr, mx, txt, aaaa, srv = 1, 2, 5, 12, 15, 16, 28, 33
)

func name(s string) []byte {
	var b []byte
	for _, label := range strings.Split(strings.TrimSuffix(s, "."), ".") {
		b = append(b, byte(len(label)))
		b = append(b, label...)
	}
	return append(b, 0)
}

type server struct {
	asked sync.Map // name and type: how often
	lost  atomic.Int32
}

type record struct {
	name string
	kind uint16
	data []byte
}

func u16(v ...uint16) (b []byte) {
	for _, v := range v {
		b = binary.BigEndian.AppendUint16(b, v)
	}
	return b
}

func (s *server) records(q string, kind uint16) (found []record, code uint16) {
	add := func(name string, kind uint16, data []byte) { found = append(found, record{name, kind, data}) }
	switch q {
	case "two.test.":
		switch kind {
		case a:
			add(q, a, []byte{192, 0, 2, 1})
			add(q, a, []byte{192, 0, 2, 2})
		case aaaa:
			add(q, aaaa, net.ParseIP("2001:db8::1"))
		}
	case "alias.test.":
		add(q, cname, name("two.test."))
		more, _ := s.records("two.test.", kind)
		found = append(found, more...)
	case "big.test.":
		for i := range 60 {
			if kind == a {
				add(q, a, []byte{198, 51, 100, byte(i)})
			}
		}
	case "mail.test.":
		if kind == mx {
			add(q, mx, append(u16(20), name("second.mail.test.")...))
			add(q, mx, append(u16(10), name("first.mail.test.")...))
		}
	case "text.test.":
		if kind == txt {
			add(q, txt, append([]byte{5}, "hello"...))
			add(q, txt, append(append([]byte{3}, "two"...), append([]byte{6}, " parts"...)...))
		}
	case "_xmpp._tcp.service.test.":
		if kind == srv {
			add(q, srv, append(u16(10, 60, 5222), name("one.service.test.")...))
			add(q, srv, append(u16(5, 0, 5223), name("best.service.test.")...))
		}
	case "zone.test.":
		if kind == ns {
			add(q, ns, name("ns1.zone.test."))
			add(q, ns, name("ns2.zone.test."))
		}
	case "1.2.0.192.in-addr.arpa.":
		if kind == ptr {
			add(q, ptr, name("two.test."))
		}
	case "broken.test.":
		return nil, 2
	case "refused.test.":
		return nil, 5
	case "empty.test.":
	default:
		if strings.HasPrefix(q, "host-") {
			if kind == a {
				var n int
				fmt.Sscanf(q, "host-%d.", &n)
				add(q, a, []byte{10, 1, byte(n >> 8), byte(n)})
			}
			return
		}
		return nil, 3
	}
	return
}

func (s *server) answer(query []byte, tcp bool) []byte {
	if len(query) < 17 {
		return nil
	}
	at, labels := 12, []string{}
	for query[at] != 0 {
		n := int(query[at])
		labels = append(labels, string(query[at+1:at+1+n]))
		at += n + 1
	}
	q := strings.ToLower(strings.Join(labels, ".") + ".")
	kind := binary.BigEndian.Uint16(query[at+1:])
	question := query[12 : at+5]
	count, _ := s.asked.LoadOrStore(fmt.Sprint(q, kind), new(atomic.Int32))
	times := count.(*atomic.Int32).Add(1)
	switch {
	case q == "lost.test." && times == 1:
		s.lost.Add(1)
		return nil
	case q == "lost.test.":
		q = "two.test."
	case q == "silent.test.":
		return nil
	case q == "lie.test.":
		// The answer to another question, with another number, or none at all.
		return append(u16(binary.BigEndian.Uint16(query)+1, 0x8180, 1, 0, 0, 0), question...)
	}
	found, code := s.records(q, kind)
	flags := 0x8180 | code
	if q == "big.test." && !tcp {
		flags |= 0x0200
		found = found[:min(1, len(found))]
	}
	b := append([]byte{query[0], query[1]}, u16(flags, 1, uint16(len(found)), 0, 0)...)
	b = append(b, question...)
	for _, r := range found {
		b = append(b, name(r.name)...)
		b = append(b, u16(r.kind, 1, 0, 60, uint16(len(r.data)))...)
		b = append(b, r.data...)
	}
	return b
}

func (s *server) start() (udp, tcp string) {
	p, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	go func() {
		b := make([]byte, 2048)
		for {
			n, from, err := p.ReadFrom(b)
			if err != nil {
				return
			}
			if r := s.answer(slices.Clone(b[:n]), false); r != nil {
				p.WriteTo(r, from)
			}
		}
	}()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				var length [2]byte
				for {
					if _, err := io.ReadFull(c, length[:]); err != nil {
						return
					}
					b := make([]byte, binary.BigEndian.Uint16(length[:]))
					if _, err := io.ReadFull(c, b); err != nil {
						return
					}
					r := s.answer(b, true)
					c.Write(append(u16(uint16(len(r))), r...))
				}
			}()
		}
	}()
	return p.LocalAddr().String(), l.Addr().String()
}

func show(what string, v any, err error) {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		_, text, found := strings.Cut(dns.Err, ": ") // without the port
		if !found {
			text = dns.Err
		}
		fmt.Println(what, v, "|", text, "timeout", dns.IsTimeout, "temporary", dns.IsTemporary, "not found", dns.IsNotFound)
		return
	}
	fmt.Println(what, v, err)
}

func main() {
	s := &server{}
	udp, tcp := s.start()
	var dials sync.Map
	r := &net.Resolver{PreferGo: true, StrictErrors: false, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		dials.Store(network[:3], true)
		var d net.Dialer
		if strings.HasPrefix(network, "tcp") {
			return d.DialContext(ctx, "tcp", tcp)
		}
		return d.DialContext(ctx, "udp", udp)
	}}
	ctx := context.Background()
	sorted := func(v []string, err error) ([]string, error) { slices.Sort(v); return v, err }
	v, err := sorted(r.LookupHost(ctx, "two.test."))
	show("host", v, err)
	v, err = sorted(r.LookupHost(ctx, "alias.test."))
	show("alias", v, err)
	one, err := r.LookupCNAME(ctx, "alias.test.")
	show("cname", one, err)
	v, err = sorted(r.LookupHost(ctx, "big.test."))
	show("big", len(v), err)
	ips, err := r.LookupIP(ctx, "ip6", "two.test.")
	show("ip6", ips, err)
	ips, err = r.LookupIP(ctx, "ip6", "big.test.")
	show("ip6 of none", ips, err)
	netips, err := r.LookupNetIP(ctx, "ip4", "two.test.")
	show("netip", len(netips), err)
	mxs, err := r.LookupMX(ctx, "mail.test.")
	for _, m := range mxs {
		fmt.Print(m.Host, " ", m.Pref, " ")
	}
	show("mx", len(mxs), err)
	v, err = r.LookupTXT(ctx, "text.test.")
	show("txt", fmt.Sprintf("%q", v), err)
	c, srvs, err := r.LookupSRV(ctx, "xmpp", "tcp", "service.test.")
	for _, s := range srvs {
		fmt.Print(s.Target, " ", s.Port, " ", s.Priority, " ", s.Weight, " ")
	}
	show("srv", c, err)
	nss, err := r.LookupNS(ctx, "zone.test.")
	show("ns", len(nss), err)
	v, err = r.LookupAddr(ctx, "192.0.2.1")
	show("addr", v, err)
	for _, q := range []string{"missing.test.", "empty.test.", "broken.test.", "refused.test.", "-bad..test."} {
		v, err = r.LookupHost(ctx, q)
		show(q, v, err)
	}
	v, err = r.LookupTXT(ctx, "missing.test.")
	show("txt", v, err)
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	for _, q := range []string{"silent.test.", "lie.test."} {
		v, err = r.LookupHost(short, q)
		show(q, v, err)
	}
	cancel()
	gone, cancel := context.WithCancel(ctx)
	go func() { time.Sleep(10 * time.Millisecond); cancel() }()
	v, err = r.LookupHost(gone, "silent.test.")
	show("cancelled", v, err)

	var all sync.WaitGroup
	var wrong atomic.Int32
	for i := range 300 {
		all.Go(func() {
			v, err := r.LookupHost(ctx, fmt.Sprintf("host-%d.test.", i))
			if err != nil || len(v) != 1 || v[0] != fmt.Sprintf("10.1.%d.%d", i>>8, i&255) {
				wrong.Add(1)
				fmt.Println(i, v, err)
			}
		})
	}
	all.Wait()
	fmt.Println("wrong:", wrong.Load())
	// A dialer that finds its address by this resolver.
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	d := net.Dialer{Resolver: r, Timeout: 300 * time.Millisecond}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_, err = d.Dial("tcp", "missing.test.:"+port)
	show("dial", nil, err)
	_, is := dials.Load("tcp")
	fmt.Println("asked by tcp:", is)
}
