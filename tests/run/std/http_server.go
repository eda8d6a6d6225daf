// net/http: a server and its client: routing, methods, bodies, cookies, redirects, chunks, trailers, timeouts.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func show(r *http.Response, err error) {
	if err != nil {
		fmt.Println("error:", errors.Unwrap(err))
		return
	}
	b, err := io.ReadAll(r.Body)
	r.Body.Close()
	if len(b) > 200 {
		b = fmt.Appendf(b[:20], "…%d", len(b))
	}
	fmt.Printf("%s %s %q %v CT=%q CL=%d TE=%v\n", r.Proto, r.Status, b, err, r.Header.Get("Content-Type"), r.ContentLength, r.TransferEncoding)
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items/{id}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "item %s %s", r.PathValue("id"), r.Pattern)
	})
	mux.HandleFunc("POST /items/{id}", func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, "posted %s %s", r.PathValue("id"), b)
	})
	mux.HandleFunc("/files/{rest...}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.PathValue("rest")) })
	mux.HandleFunc("/exact/{$}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "exact") })
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		var keys []string
		for k := range r.Header {
			if strings.HasPrefix(k, "X-") {
				keys = append(keys, k+"="+strings.Join(r.Header[k], "|"))
			}
		}
		sort.Strings(keys)
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprintln(w, r.Method, r.URL.RequestURI(), keys, n, r.ContentLength, r.TransferEncoding)
	})
	mux.HandleFunc("/chunks", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		for i := range 3 {
			fmt.Fprintf(w, "chunk %d;", i)
			w.(http.Flusher).Flush()
		}
		w.Header().Set("X-Sum", "42")
	})
	mux.HandleFunc("/cookie", func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie("seen")
		n := 0
		if err == nil {
			fmt.Sscan(c.Value, &n)
		}
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: fmt.Sprint(n + 1), Path: "/", HttpOnly: true, MaxAge: 60, SameSite: http.SameSiteLaxMode})
		fmt.Fprint(w, n, err)
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.Handle("/old/", http.StripPrefix("/old", http.RedirectHandler("/exact/", http.StatusMovedPermanently)))
	mux.HandleFunc("/panic", func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) })
	mux.HandleFunc("/error", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no tea", http.StatusTeapot) })
	mux.HandleFunc("/form", func(w http.ResponseWriter, r *http.Request) {
		err := r.ParseMultipartForm(1 << 20)
		fmt.Fprint(w, err, r.FormValue("a"), r.Form["b"])
		if f, h, err := r.FormFile("file"); err == nil {
			b, _ := io.ReadAll(f)
			fmt.Fprint(w, h.Filename, h.Size, string(b))
		}
	})
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, strings.Repeat("zipped ", 10))
		z.Close()
	})
	started, ended := make(chan bool), make(chan error, 1)
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		started <- true
		<-r.Context().Done()
		ended <- r.Context().Err()
	})
	mux.HandleFunc("/hijack", func(w http.ResponseWriter, r *http.Request) {
		c, rw, _ := w.(http.Hijacker).Hijack()
		rw.WriteString("RAW")
		rw.Flush()
		c.Close()
	})
	mux.HandleFunc("/big", func(w http.ResponseWriter, r *http.Request) { w.Write(bytes.Repeat([]byte("b"), 1<<20)) })
	mux.HandleFunc("/limit", func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 10))
		fmt.Fprint(w, err)
	})
	var conns atomic.Int32
	srv := httptest.NewUnstartedServer(mux)
	srv.Config.ConnState = func(c net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	srv.Start()
	c := srv.Client()
	get := func(p string) { show(c.Get(srv.URL + p)) }
	get("/items/7")
	show(c.Post(srv.URL+"/items/8", "text/plain", strings.NewReader("body")))
	req, _ := http.NewRequest("DELETE", srv.URL+"/items/7", nil)
	show(c.Do(req))
	get("/files/a/b%2Fc/../d")
	get("/exact/")
	get("/exact/more")
	get("/nothing")
	get("/old/x")
	get("/loop")
	get("/panic")
	get("/error")
	get("/gzip")
	get("/big")
	req, _ = http.NewRequest("PUT", srv.URL+"/echo?x=1&y", io.LimitReader(strings.NewReader(strings.Repeat("z", 100)), 50))
	req.Header["X-Multi"] = []string{"a", "b"}
	show(c.Do(req))
	show(c.Head(srv.URL + "/big"))
	show(c.PostForm(srv.URL+"/form", url.Values{"a": {"1"}, "b": {"x", "y"}}))
	var body bytes.Buffer
	mw := multipart.NewWriter(&body)
	mw.WriteField("a", "field")
	fw, _ := mw.CreateFormFile("file", "name.txt")
	fw.Write([]byte("file content"))
	mw.Close()
	show(c.Post(srv.URL+"/form", mw.FormDataContentType(), &body))
	show(c.Post(srv.URL+"/limit", "", strings.NewReader("more than ten bytes")))
	r, err := c.Get(srv.URL + "/chunks")
	b, _ := io.ReadAll(r.Body)
	fmt.Println(string(b), err, r.Trailer, r.TransferEncoding)
	jar, _ := cookiejar.New(nil)
	jc := &http.Client{Jar: jar, Transport: c.Transport}
	for range 3 {
		show(jc.Get(srv.URL + "/cookie"))
	}
	u, _ := url.Parse(srv.URL)
	fmt.Println(jar.Cookies(u))
	nr := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, _ = nr.Get(srv.URL + "/loop")
	fmt.Println(r.StatusCode, r.Header.Get("Location"))
	ctx, cancel := context.WithCancel(context.Background())
	req, _ = http.NewRequestWithContext(ctx, "GET", srv.URL+"/slow", nil)
	go func() { <-started; cancel() }()
	_, err = c.Do(req)
	fmt.Println(errors.Is(err, context.Canceled), <-ended)
	go func() { <-started }()
	_, err = (&http.Client{Timeout: 30 * time.Millisecond}).Get(srv.URL + "/slow")
	var ue *url.Error
	fmt.Println(errors.As(err, &ue) && ue.Timeout(), <-ended)
	raw, _ := net.Dial("tcp", u.Host)
	fmt.Fprintf(raw, "GET /hijack HTTP/1.1\r\nHost: x\r\n\r\n")
	b, _ = io.ReadAll(raw)
	fmt.Println(string(b))
	for _, bad := range []string{"GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", "BREW /echo HTTP/1.0\r\n\r\n"} {
		raw, _ := net.Dial("tcp", u.Host)
		io.WriteString(raw, bad)
		raw.(*net.TCPConn).CloseWrite()
		res, err := http.ReadResponse(bufio.NewReader(raw), nil)
		if err != nil {
			fmt.Println(err)
			continue
		}
		b, _ := io.ReadAll(res.Body)
		fmt.Printf("%s %q\n", res.Status, b)
		raw.Close()
	}
	raw, _ = net.Dial("tcp", u.Host)
	fmt.Fprint(raw, "GET /items/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /items/2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	br := bufio.NewReader(raw)
	for range 2 {
		res, err := http.ReadResponse(br, nil)
		show(res, err)
	}
	var wg sync.WaitGroup
	var good atomic.Int32
	for i := range 100 {
		wg.Go(func() {
			for j := range 5 {
				r, err := c.Get(fmt.Sprintf("%s/items/%d-%d", srv.URL, i, j))
				if err != nil {
					fmt.Println(err)
					return
				}
				b, _ := io.ReadAll(r.Body)
				r.Body.Close()
				if strings.HasPrefix(string(b), fmt.Sprintf("item %d-%d ", i, j)) {
					good.Add(1)
				}
			}
		})
	}
	wg.Wait()
	fmt.Println(good.Load(), conns.Load() > 1)
	srv.Close()
	_, err = c.Get(srv.URL)
	fmt.Println(err != nil)

	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequest("GET", "/items/rec", nil))
	fmt.Println(rec.Code, rec.Body, rec.Header())
	func() {
		defer func() { fmt.Println(recover()) }()
		mux.HandleFunc("GET /items/{other}", nil)
	}()
	func() {
		defer func() { fmt.Println(strings.Contains(fmt.Sprint(recover()), "conflicts")) }()
		mux.HandleFunc("GET /items/{other}", func(http.ResponseWriter, *http.Request) {})
	}()
	dir, _ := os.MkdirTemp("", "www")
	defer os.RemoveAll(dir)
	os.WriteFile(dir+"/a.html", []byte("<p>0123456789"), 0o644)
	os.Chtimes(dir+"/a.html", time.Unix(1e9, 0), time.Unix(1e9, 0))
	fs := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer fs.Close()
	show(http.Get(fs.URL + "/a.html"))
	show(http.Get(fs.URL + "/"))
	show(http.Get(fs.URL + "/no"))
	req, _ = http.NewRequest("GET", fs.URL+"/a.html", nil)
	req.Header.Set("Range", "bytes=2-5")
	show(http.DefaultClient.Do(req))
	req.Header.Set("Range", "bytes=99-")
	show(http.DefaultClient.Do(req))
	req.Header.Del("Range")
	req.Header.Set("If-Modified-Since", time.Unix(1e9, 0).UTC().Format(http.TimeFormat))
	show(http.DefaultClient.Do(req))
	th := httptest.NewServer(http.TimeoutHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), 5*time.Millisecond, "too slow"))
	show(http.Get(th.URL))
	th.Close()
	// Graceful shutdown waits for the request that runs.
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started <- true
		time.Sleep(20 * time.Millisecond)
		json.NewEncoder(w).Encode(map[string]any{"finished": true})
	})}
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	serve := make(chan error)
	go func() { serve <- s.Serve(l) }()
	res := make(chan bool)
	go func() { show(http.Get("http://" + l.Addr().String())); res <- true }()
	<-started
	err = s.Shutdown(context.Background())
	<-res
	fmt.Println(err)
	fmt.Println(<-serve)
}
