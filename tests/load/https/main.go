// An HTTP service with TLS, HTTP/2 and a pooled database (a driver of our own), and clients
// that move money between accounts. The total must never change, and every answer must be
// the one to the question.
package main

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"example.test/load/check"
)

const accounts = 64
const total = accounts * 1000

var clients = flag.Int("clients", 40, "how many clients there are")

// bank is the fake database: a mutex makes a transaction atomic.
type bank struct {
	mu      sync.Mutex
	balance [accounts]int64
	open    int
	peak    int
}

type conn struct {
	b  *bank
	in bool
}
type stmt struct {
	c     *conn
	query string
}
type rows struct {
	values [][]driver.Value
	names  []string
}

func (b *bank) Open(string) (driver.Conn, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open++
	b.peak = max(b.peak, b.open)
	return &conn{b: b}, nil
}
func (c *conn) Close() error {
	c.b.mu.Lock()
	c.b.open--
	c.b.mu.Unlock()
	return nil
}
func (c *conn) Prepare(q string) (driver.Stmt, error) { return &stmt{c, q}, nil }
func (c *conn) Begin() (driver.Tx, error)             { c.b.mu.Lock(); c.in = true; return c, nil }
func (c *conn) Commit() error                         { c.in = false; c.b.mu.Unlock(); return nil }
func (c *conn) Rollback() error                       { return c.Commit() }
func (s *stmt) Close() error                          { return nil }
func (s *stmt) NumInput() int                         { return strings.Count(s.query, "?") }
func (s *stmt) lock() func() {
	if s.c.in {
		return func() {}
	}
	s.c.b.mu.Lock()
	return s.c.b.mu.Unlock
}
func (s *stmt) Exec(args []driver.Value) (driver.Result, error) {
	defer s.lock()()
	s.c.b.balance[args[1].(int64)] += args[0].(int64)
	return driver.RowsAffected(1), nil
}
func (s *stmt) Query(args []driver.Value) (driver.Rows, error) {
	defer s.lock()()
	r := &rows{names: []string{"id", "balance"}}
	for i, v := range s.c.b.balance {
		if len(args) == 0 || args[0].(int64) == int64(i) {
			r.values = append(r.values, []driver.Value{int64(i), v})
		}
	}
	return r, nil
}
func (r *rows) Columns() []string { return r.names }
func (r *rows) Close() error      { return nil }
func (r *rows) Next(dest []driver.Value) error {
	if len(r.values) == 0 {
		return io.EOF
	}
	copy(dest, r.values[0])
	r.values = r.values[1:]
	return nil
}

type transfer struct {
	From, To int
	Amount   int64
	Note     string
}
type answer struct {
	Note     string
	From, To int64
}

type service struct{ db *sql.DB }

func (s *service) move(w http.ResponseWriter, r *http.Request) {
	var t transfer
	if err := json.NewDecoder(r.Body).Decode(&t); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a, err := s.transfer(r.Context(), t)
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(a)
}

var errPoor = errors.New("not enough money")

func (s *service) transfer(ctx context.Context, t transfer) (*answer, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	a := &answer{Note: t.Note}
	var id int64
	if err := tx.QueryRow("SELECT ?", t.From).Scan(&id, &a.From); err != nil {
		return nil, err
	}
	if a.From < t.Amount {
		return nil, errPoor
	}
	for _, step := range []struct {
		amount int64
		at     int
	}{{-t.Amount, t.From}, {t.Amount, t.To}} {
		if _, err := tx.Exec("UPDATE ? ?", step.amount, step.at); err != nil {
			return nil, err
		}
	}
	if err := tx.QueryRow("SELECT ?", t.To).Scan(&id, &a.To); err != nil {
		return nil, err
	}
	return a, tx.Commit()
}

func (s *service) sum(w http.ResponseWriter, r *http.Request) {
	rows, err := s.db.QueryContext(r.Context(), "SELECT")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	var sum int64
	for rows.Next() {
		var id, v int64
		rows.Scan(&id, &v)
		sum += v
	}
	fmt.Fprint(w, sum)
}

func client(l *check.Load, c *http.Client, url string, id int) {
	x := uint32(id*7919 + 1)
	next := func(n int) int {
		x = x*1664525 + 1013904223
		return int(x>>8) % n
	}
	for n := 0; l.Running(); n++ {
		if n%10 == 0 {
			r, err := c.Get(url + "/sum")
			if err != nil {
				l.Fail("sum: %v", err)
				continue
			}
			b, err := io.ReadAll(r.Body)
			r.Body.Close()
			if err != nil || string(b) != fmt.Sprint(total) {
				l.Fail("sum is %q %v", b, err)
			}
			l.Done()
			continue
		}
		t := transfer{From: next(accounts), To: next(accounts), Amount: int64(next(300)), Note: fmt.Sprintf("%d/%d%s", id, n, strings.Repeat("x", next(2000)))}
		body, _ := json.Marshal(t)
		r, err := c.Post(url+"/move", "application/json", bytes.NewReader(body))
		if err != nil {
			l.Fail("move: %v", err)
			continue
		}
		var a answer
		b, err := io.ReadAll(r.Body)
		r.Body.Close()
		switch {
		case err != nil:
			l.Fail("move: %v", err)
		case r.StatusCode == http.StatusConflict:
			if !strings.HasPrefix(string(b), errPoor.Error()) {
				l.Fail("move: %s", b)
			}
		case r.StatusCode != http.StatusOK:
			l.Fail("status %d: %s", r.StatusCode, b)
		case json.Unmarshal(b, &a) != nil || a.Note != t.Note:
			l.Fail("the answer is to another question: %.100s", b)
		}
		l.Done()
	}
}

func main() {
	l := check.Start()
	b := &bank{}
	for i := range b.balance {
		b.balance[i] = total / accounts
	}
	sql.Register("bank", b)
	db, err := sql.Open("bank", "")
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(8)
	db.SetConnMaxLifetime(time.Second)
	s := &service{db}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /move", s.move)
	mux.HandleFunc("GET /sum", s.sum)
	var wg sync.WaitGroup
	var servers []*httptest.Server
	for _, http2 := range []bool{true, false} {
		srv := httptest.NewUnstartedServer(mux)
		srv.EnableHTTP2 = http2
		srv.Config.ErrorLog = log.New(io.Discard, "", 0)
		srv.StartTLS()
		servers = append(servers, srv)
		srv.Client().Transport.(*http.Transport).MaxIdleConnsPerHost = *clients
		for i := range *clients / 2 {
			wg.Go(func() { client(l, srv.Client(), srv.URL, i) })
		}
	}
	l.Watch()
	wg.Wait()
	for _, srv := range servers {
		srv.Client().CloseIdleConnections()
		srv.Close()
	}
	db.Close()
	var sum int64
	for _, v := range b.balance {
		sum += v
	}
	if sum != total || b.open != 0 || b.peak > 8 {
		l.Fail("at the end: sum %d, %d connections, at most %d", sum, b.open, b.peak)
	}
	l.Finish()
}
