// net/http over TLS: HTTP/2, server push of many streams, certificates, HTTP/1 fallback, h2c.
package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/upload":
			n, err := io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, r.Proto, n, err, r.TLS != nil)
		case "/stream":
			for i := range 5 {
				fmt.Fprintf(w, "part%d ", i)
				w.(http.Flusher).Flush()
			}
			w.Header().Set(http.TrailerPrefix+"T", "trail")
		case "/duplex":
			rc := http.NewResponseController(w)
			fmt.Println("full duplex:", rc.EnableFullDuplex() == nil || r.ProtoMajor == 2)
			buf := make([]byte, 4)
			for {
				n, err := io.ReadFull(r.Body, buf)
				if err != nil {
					return
				}
				w.Write(bytes.ToUpper(buf[:n]))
				rc.Flush()
			}
		case "/abort":
			w.Write([]byte("partial"))
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		default:
			fmt.Fprint(w, r.Proto, " ", r.URL.Path, " ", r.Header.Get("X-A"))
		}
	})
	srv := httptest.NewUnstartedServer(h)
	srv.EnableHTTP2 = true
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	c := srv.Client()
	get := func(c *http.Client, path string) string {
		req, _ := http.NewRequest("GET", srv.URL+path, nil)
		req.Header.Set("x-a", "value")
		r, err := c.Do(req)
		if err != nil {
			return "error " + strings.ReplaceAll(err.Error(), srv.URL, "URL")
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		return fmt.Sprint(r.Proto, r.StatusCode, string(b), err, r.Trailer, r.TLS.NegotiatedProtocol)
	}
	fmt.Println(get(c, "/one"))
	fmt.Println(get(c, "/stream"))
	fmt.Println(strings.HasPrefix(get(c, "/abort"), "HTTP/2.0200partialstream error"))
	r, err := c.Post(srv.URL+"/upload", "x", bytes.NewReader(make([]byte, 3<<20)))
	b, _ := io.ReadAll(r.Body)
	fmt.Println(string(b), err)
	pr, pw := io.Pipe()
	req, _ := http.NewRequest("POST", srv.URL+"/duplex", pr)
	go pw.Write([]byte("abcd"))
	r, err = c.Do(req)
	fmt.Println(err)
	buf := make([]byte, 4)
	for _, s := range []string{"", "efgh", "ijkl"} {
		if s != "" {
			pw.Write([]byte(s))
		}
		_, err = io.ReadFull(r.Body, buf)
		fmt.Println(string(buf), err)
	}
	pw.Close()
	_, err = r.Body.Read(buf)
	fmt.Println(err)
	// Many streams over one connection.
	var wg sync.WaitGroup
	var ok, reused, fresh atomic.Int32
	for i := range 300 {
		wg.Go(func() {
			req, _ := http.NewRequest("GET", fmt.Sprintf("%s/s%d", srv.URL, i), nil)
			req = req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{GotConn: func(g httptrace.GotConnInfo) {
				if g.Reused {
					reused.Add(1)
				} else {
					fresh.Add(1)
				}
			}}))
			r, err := c.Do(req)
			if err != nil {
				fmt.Println(err)
				return
			}
			b, _ := io.ReadAll(r.Body)
			r.Body.Close()
			if string(b) == fmt.Sprintf("HTTP/2.0 /s%d ", i) {
				ok.Add(1)
			}
		})
	}
	wg.Wait()
	fmt.Println(ok.Load(), reused.Load()+fresh.Load(), fresh.Load() < 5)
	one := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{}}}
	fmt.Println(get(one, "/fallback"))
	_, err = (&http.Client{}).Get(srv.URL)
	fmt.Println(strings.Contains(err.Error(), "certificate signed by unknown authority"))
	_, err = http.Get("http" + strings.TrimPrefix(srv.URL, "https"))
	fmt.Println(err)
	// Unencrypted HTTP/2.
	var p http.Protocols
	p.SetUnencryptedHTTP2(true)
	s2 := httptest.NewUnstartedServer(h)
	s2.Config.Protocols = &p
	s2.Start()
	hc := &http.Client{Transport: &http.Transport{Protocols: &p}, Timeout: 10 * time.Second}
	r, err = hc.Get(s2.URL + "/h2c")
	if err != nil {
		fmt.Println(err)
	} else {
		b, _ = io.ReadAll(r.Body)
		fmt.Println(r.Proto, string(b))
		r.Body.Close()
	}
	hc.CloseIdleConnections()
	s2.Close()
}
