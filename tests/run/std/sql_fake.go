// database/sql with a driver of our own: pooling, transactions, statements, scanning, errors.
package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type fakeDriver struct {
	mu          sync.Mutex
	rows        map[int64]string
	next        int64
	open, peak  int
	badOnce     atomic.Bool
	prepared    atomic.Int32
	closedStmts atomic.Int32
}
type conn struct {
	d      *fakeDriver
	undo   map[int64]string
	closed bool
}
type stmt struct {
	c *conn
	q string
}
type rows struct {
	cols []string
	data [][]driver.Value
}
type result struct{ id, n int64 }

func (r result) LastInsertId() (int64, error) { return r.id, nil }
func (r result) RowsAffected() (int64, error) { return r.n, nil }

func (d *fakeDriver) Open(name string) (driver.Conn, error) {
	if name == "refuse" {
		return nil, errors.New("connection refused by driver")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open++
	d.peak = max(d.peak, d.open)
	return &conn{d: d}, nil
}
func (c *conn) Prepare(q string) (driver.Stmt, error) {
	if strings.HasPrefix(q, "BAD") {
		return nil, errors.New("syntax error")
	}
	c.d.prepared.Add(1)
	return &stmt{c, q}, nil
}
func (c *conn) Close() error {
	c.d.mu.Lock()
	c.d.open--
	c.d.mu.Unlock()
	return nil
}
func (c *conn) Begin() (driver.Tx, error) {
	c.d.mu.Lock()
	defer c.d.mu.Unlock()
	c.undo = map[int64]string{}
	for k, v := range c.d.rows {
		c.undo[k] = v
	}
	return c, nil
}
func (c *conn) Commit() error { return nil }
func (c *conn) Rollback() error {
	c.d.mu.Lock()
	c.d.rows = c.undo
	c.d.mu.Unlock()
	return nil
}
func (s *stmt) Close() error  { s.c.d.closedStmts.Add(1); return nil }
func (s *stmt) NumInput() int { return strings.Count(s.q, "?") }
func (s *stmt) Exec(args []driver.Value) (driver.Result, error) {
	d := s.c.d
	if d.badOnce.Swap(false) {
		return nil, driver.ErrBadConn
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case strings.HasPrefix(s.q, "INSERT"):
		d.next++
		d.rows[d.next] = fmt.Sprint(args[0])
		return result{d.next, 1}, nil
	case strings.HasPrefix(s.q, "DELETE"):
		n := int64(len(d.rows))
		clear(d.rows)
		return result{0, n}, nil
	}
	return nil, errors.New("unknown statement")
}
func (s *stmt) Query(args []driver.Value) (driver.Rows, error) {
	d := s.c.d
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case s.q == "TYPES":
		return &rows{[]string{"i", "f", "b", "s", "y", "t", "n"}, [][]driver.Value{{int64(5), 2.5, true, "str", []byte("by"), time.Unix(0, 0).UTC(), nil}}}, nil
	case strings.HasPrefix(s.q, "SELECT"):
		r := &rows{cols: []string{"id", "v"}}
		for i := int64(1); i <= d.next; i++ {
			if v, ok := d.rows[i]; ok && (len(args) == 0 || args[0] == i) {
				r.data = append(r.data, []driver.Value{i, v})
			}
		}
		return r, nil
	}
	return nil, errors.New("unknown query")
}
func (r *rows) Columns() []string { return r.cols }
func (r *rows) Close() error      { return nil }
func (r *rows) Next(dest []driver.Value) error {
	if len(r.data) == 0 {
		return io.EOF
	}
	copy(dest, r.data[0])
	r.data = r.data[1:]
	return nil
}

type upper string

func (u *upper) Scan(v any) error            { *u = upper(strings.ToUpper(fmt.Sprint(v))); return nil }
func (u upper) Value() (driver.Value, error) { return strings.ToLower(string(u)), nil }

func main() {
	d := &fakeDriver{rows: map[int64]string{}}
	sql.Register("fake", d)
	fmt.Println(sql.Drivers())
	_, err := sql.Open("none", "")
	fmt.Println(err)
	bad, _ := sql.Open("fake", "refuse")
	fmt.Println(bad.Ping())
	db, err := sql.Open("fake", "ok")
	fmt.Println(err, db.Ping())
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(2)
	for i := range 5 {
		r, err := db.Exec("INSERT ?", fmt.Sprint("row", i))
		id, _ := r.LastInsertId()
		n, _ := r.RowsAffected()
		fmt.Print(id, n, err, " ")
	}
	fmt.Println()
	_, err = db.Exec("INSERT ?", 1, 2)
	fmt.Println(err)
	_, err = db.Exec("BAD")
	fmt.Println(err)
	_, err = db.Exec("WHAT")
	fmt.Println(err)
	rs, err := db.Query("SELECT")
	cols, _ := rs.Columns()
	fmt.Println(cols, err)
	for rs.Next() {
		var id int
		var v upper
		fmt.Print(rs.Scan(&id, &v), id, v, " ")
	}
	fmt.Println(rs.Err(), rs.Close())
	var v string
	fmt.Println(db.QueryRow("SELECT ?", 3).Scan(new(int), &v), v)
	fmt.Println(db.QueryRow("SELECT ?", 99).Scan(new(int), &v) == sql.ErrNoRows)
	fmt.Println(db.QueryRow("SELECT ?", 3).Scan(&v))
	fmt.Println(db.QueryRow("SELECT ?", 3).Scan(new(int), new(int)))
	var (
		i  int8
		f  float32
		b  bool
		s  sql.NullString
		by sql.RawBytes
		t  time.Time
		n  sql.Null[int]
		a  any
		p  *string
	)
	fmt.Println(db.QueryRow("TYPES").Scan(&i, &f, &b, &s, &[]byte{}, &t, &n), i, f, b, s, t, n)
	rs, _ = db.Query("TYPES")
	rs.Next()
	fmt.Println(rs.Scan(&a, &a, &a, &p, &by, &a, &p), *new(string), string(by), a, p == nil)
	rs.Close()
	fmt.Println(rs.Scan(&a), db.QueryRow("TYPES").Scan(&a, &a, &a, &a, &a, &a, &v))
	tx, err := db.Begin()
	tx.Exec("INSERT ?", "in tx")
	fmt.Println(err, tx.Rollback(), tx.Rollback(), tx.Commit())
	var count int
	rs, _ = db.Query("SELECT")
	for rs.Next() {
		count++
	}
	fmt.Println(count)
	tx, _ = db.BeginTx(context.Background(), nil)
	tx.Exec("INSERT ?", upper("KEPT"))
	fmt.Println(tx.Commit(), db.QueryRow("SELECT ?", d.next).Scan(new(int), &v), v)
	d.badOnce.Store(true)
	_, err = db.Exec("INSERT ?", "after bad conn")
	fmt.Println(err)
	st, err := db.Prepare("INSERT ?")
	var wg sync.WaitGroup
	for w := range 20 {
		wg.Go(func() {
			for i := range 25 {
				if _, err := st.Exec(fmt.Sprint(w, "/", i)); err != nil {
					fmt.Println(err)
				}
				var x string
				db.QueryRow("SELECT ?", 1).Scan(new(int), &x)
			}
		})
	}
	wg.Wait()
	d.mu.Lock()
	fmt.Println(len(d.rows), d.peak <= 4, err, st.Close())
	d.mu.Unlock()
	stats := db.Stats()
	fmt.Println(stats.MaxOpenConnections, stats.InUse, stats.Idle <= 2)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = db.ExecContext(ctx, "INSERT ?", 1)
	fmt.Println(err)
	db.SetMaxOpenConns(1)
	c, err := db.Conn(context.Background())
	short, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	_, err2 := db.Conn(short)
	fmt.Println(err, err2, c.Close(), c.Close())
	fmt.Println(db.Close(), db.Ping())
	d.mu.Lock()
	fmt.Println(d.open, d.prepared.Load() == d.closedStmts.Load())
	d.mu.Unlock()
}
