// net: UDP, Unix sockets, pipes, addresses, the resolver on localhost, netip, url, mail, textproto.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"net/netip"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	u, err := net.ListenPacket("udp", "127.0.0.1:0")
	fmt.Println(err)
	c, err := net.Dial("udp", u.LocalAddr().String())
	fmt.Println(err)
	c.Write([]byte("datagram one"))
	c.Write(nil)
	c.Write([]byte(strings.Repeat("x", 5000)))
	buf := make([]byte, 100)
	n, from, err := u.ReadFrom(buf)
	fmt.Println(string(buf[:n]), from.String() == c.LocalAddr().String(), err)
	n, _, err = u.ReadFrom(buf)
	fmt.Println(n, err)
	n, _, err = u.ReadFrom(buf)
	fmt.Println(n, err)
	u.WriteTo([]byte("back"), from)
	n, err = c.Read(buf)
	fmt.Println(string(buf[:n]), err)
	u.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, _, err = u.ReadFrom(buf)
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
	uc := u.(*net.UDPConn)
	uc.SetReadDeadline(time.Time{})
	uc.WriteToUDPAddrPort([]byte("ap"), c.LocalAddr().(*net.UDPAddr).AddrPort())
	n, err = c.Read(buf)
	fmt.Println(string(buf[:n]), err)

	dir, _ := os.MkdirTemp("", "sock")
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "s")
	l, err := net.Listen("unix", path)
	fmt.Println(err, l.Addr().Network(), filepath.Base(l.Addr().String()))
	go func() {
		s, _ := l.Accept()
		b, _ := io.ReadAll(s)
		fmt.Fprintf(s, "got %d", len(b))
		s.Close()
	}()
	x, err := net.Dial("unix", path)
	fmt.Fprint(x, "over a unix socket")
	x.(*net.UnixConn).CloseWrite()
	b, err := io.ReadAll(x)
	fmt.Println(string(b), err)
	l.Close()
	_, err = os.Stat(path)
	fmt.Println(os.IsNotExist(err))
	ug, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	gc, err2 := net.Dial("unixgram", path)
	fmt.Println(err, err2)
	gc.Write([]byte("gram"))
	n, _, err = ug.ReadFrom(buf)
	fmt.Println(string(buf[:n]), err)

	p, q := net.Pipe()
	go func() { p.Write([]byte("through the pipe")); p.Close() }()
	b, err = io.ReadAll(q)
	fmt.Println(string(b), err, q.LocalAddr())
	q.SetDeadline(time.Now())
	_, err = q.Write(buf)
	fmt.Println(err)

	for _, s := range []string{"1.2.3.4", "::1", "::ffff:1.2.3.4", "fe80::1%eth0", "1.2.3", "300.1.1.1", "2001:db8::", "01.2.3.4", ""} {
		ip := net.ParseIP(s)
		a, err := netip.ParseAddr(s)
		fmt.Println(ip, ip.IsLoopback(), ip.To4() != nil, a, err, a.Is4(), a.Is4In6(), a.Zone(), a.IsPrivate(), a.Next())
	}
	for _, s := range []string{"10.0.0.0/8", "192.168.1.7/24", "2001:db8::/32", "1.2.3.4/33", "x/1"} {
		ip, nn, err := net.ParseCIDR(s)
		pf, err2 := netip.ParsePrefix(s)
		fmt.Println(ip, nn, err, pf, err2, pf.Masked(), pf.Contains(netip.MustParseAddr("10.9.8.7")))
	}
	fmt.Println(net.CIDRMask(20, 32), net.IPv4Mask(255, 255, 0, 0), net.JoinHostPort("::1", "80"), netip.MustParseAddrPort("[::1]:80"))
	fmt.Println(net.SplitHostPort("[::1%lo]:80"))
	fmt.Println(net.SplitHostPort("::1:80"))
	m, err := net.ParseMAC("00:1a:2B:3c:4d:5e")
	fmt.Println(m, err)
	fmt.Println(net.LookupPort("tcp", "http"))
	hosts, err := net.LookupHost("localhost")
	ok := false
	for _, h := range hosts {
		ok = ok || h == "127.0.0.1"
	}
	fmt.Println(ok, err)
	hosts, err = net.LookupHost("127.0.0.9")
	fmt.Println(hosts, err)
	_, err = net.LookupHost("")
	fmt.Println(err)
	// A resolver asking a name server of our own.
	dns, _ := net.ListenPacket("udp", "127.0.0.1:0")
	go func() {
		q := make([]byte, 512)
		for {
			n, from, err := dns.ReadFrom(q)
			if err != nil {
				return
			}
			r := append([]byte{}, q[:n]...)
			r[2], r[3] = 0x84, 0
			end := 12
			for r[end] != 0 {
				end += int(r[end]) + 1
			}
			r = r[:end+5]
			r[10], r[11] = 0, 0
			if q[13] == 'n' {
				r[3] = 3
			} else if r[end+2] == 1 {
				r[7] = 1
				r = append(r, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 1, 2, 3)
			}
			dns.WriteTo(r, from)
		}
	}()
	res := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return net.Dial("udp", dns.LocalAddr().String())
	}}
	ips, err := res.LookupHost(context.Background(), "yes.example.")
	fmt.Println(ips, err)
	_, err = res.LookupHost(context.Background(), "no.example.")
	var de *net.DNSError
	fmt.Println(errors.As(err, &de) && de.IsNotFound, de.Name)

	for _, s := range []string{"http://user:p%40ss@host.com:8080/a%2Fb/c?q=1&q=2&z=%20x#frag", "mailto:a@b.c", "//host/path", "/rel?x", "http://[::1]:80/", "a b", "http://a b/", "%zz", "http://x:port/", "?#", "HTTP://EXAMPLE.com/%7Efoo/../bar", "x://h/;p?a;b"} {
		u, err := url.Parse(s)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%s|%s|%s|%s|%s|%s|%s|%s|%v|%s|%s|%t\n", u, u.Scheme, u.Opaque, u.User, u.Hostname(), u.Port(), u.Path, u.EscapedPath(), u.Query(), u.Fragment, u.Redacted(), u.IsAbs())
	}
	base, _ := url.Parse("http://a/b/c/d;p?q")
	for _, r := range []string{"g:h", "g", "./g", "g/", "/g", "//g", "?y", "g?y", "#s", "", "..", "../..", "../../../g", "g;x=1/../y"} {
		ref, _ := base.Parse(r)
		fmt.Print(ref, " ")
	}
	v := url.Values{"b": {"2", "x y"}, "a": {"&="}}
	v.Add("c", "é")
	fmt.Println(v.Encode(), url.PathEscape("a/b c"), url.QueryEscape("a/b c"), base.JoinPath("../x", "y/"))
	fmt.Println(url.ParseQuery("a=1&b=%zz&c"))

	a, err := mail.ParseAddressList(`"Joe Q. Public" <john@example.com>, plain@x.org, Group: a@b.c, d@e.f;, =?utf-8?q?J=C3=B6rg?= <j@x.de>`)
	fmt.Println(a, err)
	for _, bad := range []string{"", "a@", "<a@b", "a b@c", "x@[1.2.3"} {
		_, err := mail.ParseAddress(bad)
		fmt.Println(err)
	}
	fmt.Println((&mail.Address{Name: "Jörg, \"x\"", Address: "j@x.de"}).String())
	msg, err := mail.ReadMessage(strings.NewReader("Subject: hi\r\n there\r\nDate: Mon, 02 Jan 2006 15:04:05 -0700\r\nTo: a@b.c\r\n\r\nbody"))
	d, err2 := msg.Header.Date()
	fmt.Println(msg.Header, err, d, err2)
	tp := textproto.NewReader(bufio.NewReader(strings.NewReader("220-first\r\n220 second\r\nkey: v1\r\nKEY: v2\r\nx-long-name:  z \r\n\r\n.dot\r\n..stuffed\r\n.\r\nrest")))
	code, text, err := tp.ReadResponse(220)
	fmt.Printf("%d %q %v\n", code, text, err)
	h, err := tp.ReadMIMEHeader()
	fmt.Println(h, err)
	dl, err := tp.ReadDotLines()
	fmt.Printf("%q %v %s\n", dl, err, textproto.CanonicalMIMEHeaderKey("content-TYPE"))
}
